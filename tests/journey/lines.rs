//! A scanner on a port of its own at the desk.

use super::super::support::pty::keys;
use super::super::support::tmp::Tmp;
use super::super::{PROCTOR_PIN, end};
use super::desk::{desk, site};
use super::wedge::numbers;
use kaodian::reader::simulate::SimulatedLine;

#[test]
fn a_scanner_is_a_device_of_the_desk() {
    let home = Tmp::new();
    let link = home.join("scanner");
    let text = format!(
        "[trust]\nargon_mib = 8\nargon_t = 1\n[[line]]\nkind = \"scanner\"\nport = \"{}\"\nbaud = 115200\n",
        link.display()
    );
    let config = home.file("config.toml", &text).display().to_string();
    let data = site(&home, &config);
    let pin = home.file("pin", PROCTOR_PIN).display().to_string();
    let mut terminal = desk(&home, &config, &data, &["--as", "wang", "--pin-file", &pin]);
    terminal.wait_for("监考 王*").wait_for("读卡[断] 扫码[断] 日志[OK]");

    let mut gun = SimulatedLine::start(Some(&link)).unwrap();
    terminal.wait_for("扫码[OK]");
    let number = &numbers(&home)[0];
    gun.present(format!("KD1:{number}\r\n").as_bytes()).unwrap();
    terminal.wait_for("KD-A-14").wait_for("准考证需与证件同时使用");
    terminal.send(keys::ESC).wait_for("最近三笔");
    gun.present("准考证|测试一\r\n".as_bytes()).unwrap();
    terminal.wait_for("KD-3110");

    gun.unplug();
    terminal.wait_for("扫码[断]");
    gun.plug_in().unwrap();
    terminal.wait_for("扫码[OK]");
    end(terminal);
}
