//! `kaodian seats`: draw again what a desk drew, move somebody, take a seat out of service.

use super::failure::{Failure, Kind};
use super::session::act;
use super::{Acting, Context, Outcome, expected, number};
use crate::desk::Command;
use crate::domain::ids::{AdmissionNo, RoomId, Seed, SessionNo};
use crate::domain::room::seats;
use crate::domain::seats::{Place, SeatReason, Sha256};
use crate::proof::sha256;
use clap::Subcommand;
use serde_json::json;

#[derive(Debug, Subcommand)]
pub enum SeatsVerb {
    /// Draws a room's seats again from the seed in the journal; needs no data directory.
    #[command(
        after_help = "Example:\n  kaodian seats draw --room 03 --seats 1-30 --seed 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    )]
    Draw(DrawArgs),
    /// Gives a candidate another seat (proctor), before they came or after.
    #[command(
        after_help = "Example:\n  kaodian --data D seats move 1 2611240317 03-18 --reason station_fault --as wang --pin-file 3 3<pin.wang"
    )]
    Move(MoveArgs),
    /// Takes a seat out of service (proctor; chief where somebody sits).
    #[command(
        after_help = "Example:\n  kaodian --data D seats withdraw 1 03-17 --reason station_fault --as wang --pin-file 3 3<pin.wang"
    )]
    Withdraw(WithdrawArgs),
}

/// What a draw depends on.
#[derive(Debug, clap::Args)]
pub struct DrawArgs {
    /// The room's code, as the roster writes it.
    #[arg(long)]
    room: RoomId,
    /// The room's seats, such as 1-30 or A1-A12,B1.
    #[arg(long)]
    seats: String,
    /// The seed, 64 hexadecimal digits: `seed` of the journal's line seat_draw_seeded.
    #[arg(long, value_parser = seed)]
    seed: Seed,
}

/// Whom to move where.
#[derive(Debug, clap::Args)]
pub struct MoveArgs {
    /// The session's number.
    #[arg(value_parser = number)]
    no: SessionNo,
    /// The candidate's admission number.
    cand: AdmissionNo,
    /// The new seat, such as 03-18.
    #[arg(value_parser = place)]
    to: Place,
    /// Why: station_fault, surroundings, taken, missat, arrangement or order.
    #[arg(long, value_parser = reason)]
    reason: SeatReason,
    #[command(flatten)]
    acting: Acting,
}

/// Which seat.
#[derive(Debug, clap::Args)]
pub struct WithdrawArgs {
    /// The session's number.
    #[arg(value_parser = number)]
    no: SessionNo,
    /// The seat, such as 03-17.
    #[arg(value_parser = place)]
    place: Place,
    /// Why: station_fault, surroundings, taken, missat, arrangement or order.
    #[arg(long, value_parser = reason)]
    reason: SeatReason,
    #[command(flatten)]
    acting: Acting,
}

fn seed(text: &str) -> Result<Seed, String> {
    Seed::parse(text).map_err(expected)
}

fn place(text: &str) -> Result<Place, String> {
    text.parse().map_err(expected)
}

fn reason(text: &str) -> Result<SeatReason, String> {
    text.parse().map_err(expected)
}

pub(super) fn run(context: &Context, verb: SeatsVerb) -> Outcome {
    match verb {
        SeatsVerb::Draw(args) => draw(context.json, &args),
        SeatsVerb::Move(a) => {
            act(context, "seats move", Command::MoveSeat(a.no, a.cand, a.to, a.reason), &a.acting, None)
        }
        SeatsVerb::Withdraw(a) => {
            act(context, "seats withdraw", Command::WithdrawSeat(a.no, a.place, a.reason), &a.acting, None)
        }
    }
}

/// One line a seat, first given first: rank, seat and the number that ranks it.
fn draw(json: bool, args: &DrawArgs) -> Outcome {
    let seats = seats(&args.seats).ok_or_else(|| {
        let cause = "expected seats such as 1-30 or A1-A12,B1, found another list";
        Failure::new(Kind::Usage, "KD-U-01", cause, "write the list as it stands in the file of rooms")
    })?;
    let drawn = Sha256(sha256).draw(&args.seed, &args.room, &seats);
    for (rank, (lot, seat)) in (1u32..).zip(drawn) {
        if json {
            super::print_json(&json!({ "event": "seat", "rank": rank, "seat": seat, "sha256": lot }))?;
        } else {
            super::print_line(&format!("{rank} {seat} {lot}"))?;
        }
    }
    Ok(())
}
