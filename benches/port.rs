//! What the driver adds to the time on the wire, and what it costs while nobody comes: `cargo bench --bench port`.
//!
//! A simulated module sends at 115200 baud in bursts of 16 to 62 bytes and takes no time of its own. The floor is a loop
//! that sends the same two commands and only counts bytes: the timers of the machine make it slower than the wire, and
//! the driver with it. Reads of both alternate; medians with the whole spread. The driver's processor time is its
//! thread's own, as the kernel counts it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark that cannot do its part has nothing to print")]

use kaodian::reader::frame::Frame;
use kaodian::reader::port::{PortConfig, ReaderEvent, Sink, spawn_with};
use kaodian::reader::record::ResidentCard;
use kaodian::reader::sam::{Command, Reply};
use kaodian::reader::simulate::{Card, Delays, Settings, SimulatedReader};
use std::fs::File;
use std::io::{Read, Write};
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

const READS: usize = 40;

/// Select's answer and the read's, 19 and 1295 bytes of ten bits each.
const WIRE: Duration = Duration::from_micros((19 + 1295) * 10_000_000 / 115_200);

fn main() {
    let (mut floor, mut ours, mut cpu) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..READS {
        floor.push(bare_read());
        let read = driver_read();
        ours.push(read.wall);
        cpu.push(read.cpu);
    }
    println!("port: medians of {READS} reads at 115200 baud, least and most in brackets");
    println!("  wire alone                 {}", ms(WIRE));
    let floor = line("bare loop, select and read", floor);
    let ours = line("driver, select to card", ours);
    let cpu = line("driver's processor time", cpu);
    println!("  driver adds to bare loop   {:.2} % of the wire", percent(ours.saturating_sub(floor), WIRE));
    println!("  processor time             {:.2} % of the wire", percent(cpu, WIRE));
    let idle = idle();
    println!(
        "  idle, usual intervals      {:.3} % of one processor over {}",
        percent(idle.cpu, idle.wall),
        ms(idle.wall)
    );
}

fn percent(part: Duration, whole: Duration) -> f64 {
    part.as_secs_f64() / whole.as_secs_f64() * 100.0
}

fn ms(time: Duration) -> String {
    format!("{:.3} ms", time.as_secs_f64() * 1e3)
}

fn line(name: &str, mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    let at = |index: usize| times.get(index).copied().unwrap_or_default();
    let median = at(times.len() / 2);
    println!("  {name:<26} {} [{} to {}]", ms(median), ms(at(0)), ms(at(times.len() - 1)));
    median
}

fn reader() -> SimulatedReader {
    let settings = Settings { delays: Delays::default(), ..Settings::default() };
    SimulatedReader::start(settings, None).expect("a pseudo-terminal")
}

fn card() -> Card {
    Card::resident(&ResidentCard { name: "测试一".into(), ..ResidentCard::default() }).expect("a card")
}

/// From select to the last byte of the read.
fn bare_read() -> Duration {
    let reader = reader();
    reader.present(card());
    let mut line = File::options().read(true).write(true).open(reader.path()).expect("the simulator's port");
    let mut ask = |command: Command, answer: usize| {
        line.write_all(&command.bytes()).expect("room for a command");
        line.read_exact(&mut vec![0; answer]).expect("an answer");
    };
    ask(Command::Find, 15);
    let begun = Instant::now();
    ask(Command::Select, 19);
    ask(Command::Read, 1295);
    begun.elapsed()
}

/// A stretch of time on the clock and on the port's thread.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    wall: Duration,
    cpu: Duration,
}

/// Processor time of this thread.
fn thread_cpu() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").expect("a kernel with schedstat");
    Duration::from_nanos(told.split(' ').next().and_then(|nanos| nanos.parse().ok()).expect("nanoseconds"))
}

/// Begins at the answer to a find and ends at the card, both on the port's thread.
struct Watch {
    begun: Option<(Instant, Duration)>,
    finds: usize,
    /// After so many finds without a card the stretch is told as well.
    idle_finds: usize,
    told: Sender<Stretch>,
}

impl Watch {
    fn tell(&mut self) {
        if let Some((begun, cpu)) = self.begun.take() {
            // Nobody waits for a second one.
            let _ = self.told.send(Stretch { wall: begun.elapsed(), cpu: thread_cpu().saturating_sub(cpu) });
        }
    }
}

impl Sink for Watch {
    fn frame(&mut self, frame: &Frame) {
        match Reply::of(frame).map(|reply| reply.sw3) {
            Some(0x9F) => self.begun = Some((Instant::now(), thread_cpu())),
            Some(0x80) if self.idle_finds > 0 => {
                self.finds += 1;
                if self.finds == 1 {
                    self.begun = Some((Instant::now(), thread_cpu()));
                } else if self.finds == self.idle_finds {
                    self.tell();
                }
            }
            _ => {}
        }
    }

    fn event(&mut self, event: ReaderEvent) {
        if let ReaderEvent::Presented(_) = event {
            self.tell();
        }
    }
}

fn watch(config: PortConfig, idle_finds: usize) -> Stretch {
    let (told, stretches) = channel();
    let port = spawn_with(config, Watch { begun: None, finds: 0, idle_finds, told }).expect("a thread");
    let stretch = stretches.recv_timeout(Duration::from_mins(1)).expect("a reader that answers");
    port.stop();
    stretch
}

fn driver_read() -> Stretch {
    let reader = reader();
    reader.present(card());
    watch(PortConfig::fast(reader.path()), 0)
}

/// Ten finds without a card at the intervals of a desk: some three seconds.
fn idle() -> Stretch {
    let reader = reader();
    watch(PortConfig::new(reader.path()), 11)
}
