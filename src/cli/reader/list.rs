//! `kaodian reader list`: every serial port with what is known of it, and readers that show none.
//!
//! One line a port for people; with `--json` one object each:
//!
//! ```text
//! {"event":"port","path":…,"names":[…],"usb":{"vendor":"10c4","product":"ea60","serial":…,"manufacturer":…,"name":…,
//!   "interface":…}|null,"access":"allowed|denied|missing","holders":[{"pid":412,"command":"agetty","own":false}]}
//! {"event":"without_port","usb":{…},"hid":true|false,"code":"KD-3120"}
//! ```

use crate::reader::inventory::{Inventory, Port, Usb};
use crate::reader::trace::Finding;
use crate::tui::i18n::Texts;
use crate::tui::reader_words::{finding, held};
use serde_json::{Value, json};

/// The objects of an inventory.
pub(super) fn objects(found: &Inventory) -> Vec<Value> {
    let ports = found.ports.iter().map(|port| {
        let holders =
            port.holders.iter().map(|holder| json!({"pid": holder.pid, "command": holder.command, "own": holder.own}));
        json!({
            "event": "port",
            "path": port.path,
            "names": port.names,
            "usb": port.usb.as_ref().map(usb_object),
            "access": port.access.id(),
            "holders": holders.collect::<Vec<_>>(),
        })
    });
    let others = found.without_port.iter().map(|one| {
        let code = Finding::NoSerialPort.code();
        json!({"event": "without_port", "usb": usb_object(&one.usb), "hid": one.hid, "code": code})
    });
    ports.chain(others).collect()
}

fn usb_object(usb: &Usb) -> Value {
    json!({
        "vendor": usb.vendor,
        "product": usb.product,
        "serial": usb.serial,
        "manufacturer": usb.manufacturer,
        "name": usb.name,
        "interface": usb.interface,
    })
}

/// The same for people.
pub(super) fn lines(found: &Inventory, texts: &Texts) -> Vec<String> {
    let ports = found.ports.iter().flat_map(|port| port_lines(port, texts));
    let others = found.without_port.iter().flat_map(|one| {
        let advice = finding(&Finding::NoSerialPort, texts);
        [format!("KD-3120 {} {}", describe(&one.usb), advice.says), format!("  {}", advice.does)]
    });
    ports.chain(others).collect()
}

fn port_lines(port: &Port, texts: &Texts) -> Vec<String> {
    let parts = [Some(port.path.display().to_string()), port.usb.as_ref().map(describe), Some(held(port, texts))];
    let first = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("  ");
    std::iter::once(first).chain(port.names.iter().map(|name| format!("  {}", name.display()))).collect()
}

fn describe(usb: &Usb) -> String {
    let ids = format!("{}:{}", usb.vendor, usb.product);
    let texts = [Some(&ids), usb.manufacturer.as_ref(), usb.name.as_ref(), usb.serial.as_ref()];
    texts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reader::inventory::{Access, Holder, WithoutPort};
    use crate::tui::i18n::Lang;

    fn found() -> Inventory {
        let usb = Usb {
            vendor: "10c4".into(),
            product: "ea60".into(),
            manufacturer: Some("Silicon Labs".into()),
            interface: Some("00".into()),
            ..Usb::default()
        };
        let port = Port {
            path: "/dev/ttyUSB0".into(),
            names: vec!["/dev/serial/by-id/usb-1".into()],
            usb: Some(usb),
            access: Access::Allowed,
            holders: vec![Holder { pid: 412, command: "agetty".into(), own: false }],
        };
        let denied =
            Port { path: "/dev/ttyS0".into(), names: vec![], usb: None, access: Access::Denied, holders: vec![] };
        let usb = Usb { vendor: "0400".into(), product: "c35a".into(), ..Usb::default() };
        Inventory { ports: vec![port, denied], without_port: vec![WithoutPort { usb, hid: true }] }
    }

    #[test]
    fn a_list_says_who_holds_a_port_and_what_shows_none() {
        let texts = Texts::load(Lang::English).unwrap();
        insta::assert_snapshot!(lines(&found(), &texts).join("\n"), @r"
        /dev/ttyUSB0  10c4:ea60 Silicon Labs  in use by agetty 412
          /dev/serial/by-id/usb-1
        /dev/ttyS0  no permission
        KD-3120 0400:c35a A reader is on USB, but shows no serial port.
          Use a serial model, or ask the supplier how to switch it to a port
        ");
    }

    #[test]
    fn scripts_get_the_same_as_objects() {
        let lines: Vec<String> = objects(&found()).iter().map(ToString::to_string).collect();
        insta::assert_snapshot!(lines.join("\n"), @r#"
        {"event":"port","path":"/dev/ttyUSB0","names":["/dev/serial/by-id/usb-1"],"usb":{"vendor":"10c4","product":"ea60","serial":null,"manufacturer":"Silicon Labs","name":null,"interface":"00"},"access":"allowed","holders":[{"pid":412,"command":"agetty","own":false}]}
        {"event":"port","path":"/dev/ttyS0","names":[],"usb":null,"access":"denied","holders":[]}
        {"event":"without_port","usb":{"vendor":"0400","product":"c35a","serial":null,"manufacturer":null,"name":null,"interface":null},"hid":true,"code":"KD-3120"}
        "#);
    }
}
