//! What the server asks of the system: each acknowledgement leaves after its change was forced to the disk.

use std::io::{BufRead, BufReader};

use bailiwick_ldap::result_code::ResultCode;
use bailiwick_tests::{BASE, Client, Domain, ServerCommand};
use rustix::fs::{CWD, FileType, Mode, mknodat};

const ADDS: usize = 20;

/// What matters of the calls: LMDB writes the pages, syncs, and writes the head through a descriptor that syncs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Call {
    Sync,
    WriteData,
    Answer,
}

/// Reads a line of `strace -f -yy`. An unfinished call counts when it is resumed, that is when it has returned.
fn call(line: &str, pending: &mut Vec<(String, Call)>) -> Option<Call> {
    let (thread, call) = line.split_once(char::is_whitespace)?;
    let call = call.trim_start();
    if let Some(resumed) = call.strip_prefix("<... ") {
        let at = pending.iter().position(|(known, _)| known == thread)?;
        let (_, call) = pending.swap_remove(at);
        return (!resumed.contains("= -1")).then_some(call);
    }
    let (name, arguments) = call.split_once('(')?;
    let descriptor = arguments.split_once('>').map_or("", |(descriptor, _)| descriptor);
    let meaning = match name {
        "fdatasync" | "fsync" | "msync" => Call::Sync,
        "pwrite64" | "pwritev" | "writev" | "write" if descriptor.contains("/data.mdb") => Call::WriteData,
        "write" | "writev" | "sendto" | "sendmsg" if descriptor.contains("TCP") => Call::Answer,
        _ => return None,
    };
    if call.ends_with("<unfinished ...>") {
        // An answer is on its way when its call begins, and must not be counted later than that.
        if meaning == Call::Answer {
            return Some(meaning);
        }
        pending.push((thread.to_owned(), meaning));
        return None;
    }
    (!call.contains("= -1")).then_some(meaning)
}

#[test]
fn every_acknowledgement_follows_a_sync() {
    let domain = Domain::new();
    let pipe = domain.beside("trace");
    mknodat(CWD, &pipe, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).expect("a pipe can be made");
    let reader = {
        let pipe = pipe.clone();
        std::thread::spawn(move || {
            let trace = BufReader::new(std::fs::File::open(pipe).expect("the pipe is there"));
            let mut pending = Vec::new();
            trace.lines().map_while(Result::ok).filter_map(|line| call(&line, &mut pending)).collect::<Vec<_>>()
        })
    };
    let trace = "trace=fdatasync,fsync,msync,pwrite64,pwritev,write,writev,sendto,sendmsg";
    let pipe = pipe.to_string_lossy().into_owned();
    // With -D the server is our own child and strace its relative, so that signals reach the server.
    let server =
        ServerCommand::new(&domain.data()).under("strace", &["-D", "-f", "-yy", "-e", trace, "-o", &pipe]).start();
    let mut client = Client::administrator(server.address("ldap"));
    for number in 0..ADDS {
        let name = format!("CN=d{number},CN=Users,{BASE}");
        assert_eq!(client.add(&name, &[("objectClass", "contact")]), Ok(ResultCode::Success));
    }
    drop(client);
    assert!(server.stop().success());

    let calls = reader.join().expect("the trace can be read");
    // What went before each answer: before the one to the bind, and then before that to each add.
    let before: Vec<&[Call]> = calls.split(|call| *call == Call::Answer).collect();
    let adds = &before[1..=ADDS];
    assert_eq!(adds.len(), ADDS);
    for (number, before) in adds.iter().enumerate() {
        let synced = before.iter().position(|call| *call == Call::Sync);
        let head = before.iter().rposition(|call| *call == Call::WriteData);
        assert!(synced.is_some() && head > synced, "add {number} was acknowledged after {before:?}");
    }
}
