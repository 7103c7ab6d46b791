//! `kaodian people`: the crew.

use super::secret::{Secret, new_pin};
use super::site::parse_name;
use super::{Acting, Context, Outcome, failure_of, role};
use crate::domain::crew::Role;
use crate::domain::ids::OperatorId;
use crate::runtime::site::NewPerson;
use clap::Subcommand;
use serde_json::json;

#[derive(Debug, Subcommand)]
pub enum PeopleVerb {
    /// Lists the crew; names are masked.
    #[command(after_help = "Example:\n  kaodian --data D people list")]
    List,
    /// Puts a person on the crew.
    #[command(
        after_help = "Example:\n  kaodian --data D people add wang --role proctor --as chen --pin-file 3 --new-pin-file 4 3<pin.chen 4<pin.wang"
    )]
    Add(AddArgs),
}

/// Arguments of `people add`.
#[derive(Debug, clap::Args)]
pub struct AddArgs {
    /// The new operator's id.
    #[arg(id = "new", value_name = "OPERATOR")]
    op: OperatorId,
    /// chief, proctor, assessor, inspector or admin.
    #[arg(long, value_parser = role)]
    role: Role,
    /// Lead assessor or lead proctor.
    #[arg(long)]
    lead: bool,
    /// Will sign seals.
    #[arg(long)]
    signer: bool,
    /// The person's name, shown masked.
    #[arg(long, value_name = "TEXT")]
    person_name: Option<String>,
    /// Where the new person's PIN is read.
    #[arg(long, value_name = "FD|FILE")]
    new_pin_file: Option<Secret>,
    #[command(flatten)]
    acting: Acting,
}

pub(super) fn run(context: &Context, verb: PeopleVerb) -> Outcome {
    match verb {
        PeopleVerb::List => list(context),
        PeopleVerb::Add(args) => add(context, args),
    }
}

fn list(context: &Context) -> Outcome {
    let site = context.read()?;
    for operator in site.store().operators().map_err(|e| failure_of(e.into()))? {
        if context.json {
            super::print_json(&json!({
                "event": "person", "op": operator.op, "role": operator.role, "lead": operator.lead,
                "signer": operator.signer, "name": operator.masked_name,
            }))?;
        } else {
            let lead = if operator.lead { " (lead)" } else { "" };
            let line = format!("{:16} {}{lead}  {}", operator.op, operator.role.as_str(), operator.masked_name);
            super::print_line(line.trim_end())?;
        }
    }
    Ok(())
}

fn add(context: &Context, args: AddArgs) -> Outcome {
    let name = args.person_name.as_deref().map(parse_name).transpose()?;
    let mut site = context.write("people add")?;
    let chief = args.acting.authenticate(&mut site)?;
    let mode = site.store().about().mode;
    let pin = new_pin(args.new_pin_file.as_ref(), &args.op, mode)?;
    let person = NewPerson { op: args.op, role: args.role, lead: args.lead, signer: args.signer, name, pin };
    site.add_person(&person, &chief).map_err(failure_of)?;
    super::tell(&format!("{} is on the crew as {}", person.op, person.role.as_str()));
    Ok(())
}
