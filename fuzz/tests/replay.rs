//! Runs every body over its corpus, and over mutations of it from a fixed seed.
//!
//! `BAILIWICK_FUZZ_SEED` and `BAILIWICK_FUZZ_ROUNDS` choose another seed and more mutations of each input.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};

use bailiwick_fuzz::{TARGETS, Target};

const SEED: u64 = 0x5eed_0bad_1dea_cafe;
const ROUNDS: usize = 300;
const INPUTS_MIN: usize = 12;
/// Mutated inputs stay below this, so that bodies stay quick.
const INPUT_OCTETS_MAX: usize = 1 << 16;

macro_rules! replay {
    ($($target:ident)*) => {
        $(
            #[test]
            fn $target() {
                replay(Target { name: stringify!($target), body: bailiwick_fuzz::$target });
            }
        )*

        const REPLAYED: &[&str] = &[$(stringify!($target)),*];
    };
}

replay! {
    attribute_name audit_record ber client_answer client_handshake dn dsm_envelope dsm_parameters filter_text foreign_hash
    generalized_time host_administration identifier ldif message rest_edit rest_filter rest_json sddl security_descriptor
}

#[test]
fn every_target_is_replayed_and_has_a_libfuzzer_file() {
    let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
    assert_eq!(names, REPLAYED);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = fs::read_to_string(folder.join("libfuzzer/Cargo.toml")).unwrap();
    for name in &names {
        let file = fs::read_to_string(folder.join(format!("libfuzzer/fuzz_targets/{name}.rs"))).unwrap();
        assert!(file.contains(&format!("bailiwick_fuzz::{name}(")), "{name}");
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name}");
    }
    for entry in fs::read_dir(folder.join("corpus")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(names.contains(&name.as_str()), "corpus/{name} belongs to no target");
    }
}

fn replay(Target { name, body }: Target) {
    let inputs = corpus(name);
    assert!(inputs.len() >= INPUTS_MIN, "{name} has only {} inputs", inputs.len());
    let number = |variable, default| std::env::var(variable).map_or(default, |text| text.parse().unwrap());
    let seed = number("BAILIWICK_FUZZ_SEED", SEED);
    let rounds = number("BAILIWICK_FUZZ_ROUNDS", ROUNDS as u64);
    let mut random = Random(seed | 1);
    for (path, input) in &inputs {
        run(name, body, input, &format!("{}", path.display()));
        for round in 0..rounds {
            let mut mutated = input.clone();
            for _ in 0..1 + random.below(4) {
                random.mutate(&mut mutated, &inputs[random.clone().below(inputs.len())].1);
            }
            mutated.truncate(INPUT_OCTETS_MAX);
            run(name, body, &mutated, &format!("{}, seed {seed:#x}, round {round}", path.display()));
        }
    }
}

fn corpus(name: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    // The order of a folder differs between machines, and the mutations follow it.
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect()
}

fn run(name: &str, body: fn(&[u8]), input: &[u8], origin: &str) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| body(input))) {
        eprintln!("{name} fails on {origin}: b\"{}\"", input.escape_ascii());
        resume_unwind(panic);
    }
}

/// A small generator (xorshift64*), so that a seed means the same inputs for ever.
#[derive(Clone)]
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() >> 33) as usize % bound.max(1)
    }

    /// Changes, removes, repeats or inserts something, or takes a piece of another input.
    fn mutate(&mut self, input: &mut Vec<u8>, other: &[u8]) {
        /// Octets that mean something to one of the parsers.
        const INTERESTING: &[u8] = b"\0\x01\x04\x30\x7f\x80\x84\xa0\xff\n\r #\"%&()*+,-./0159:;<=>\\AZaz|!~{}";
        let at = self.below(input.len() + 1);
        let length = self.below(8).min(input.len() - at);
        match self.below(7) {
            0 if at < input.len() => input[at] ^= 1 << self.below(8),
            1 if at < input.len() => input[at] = INTERESTING[self.below(INTERESTING.len())],
            2 => input.insert(at, INTERESTING[self.below(INTERESTING.len())]),
            3 => drop(input.drain(at..at + length)),
            4 => {
                let piece = input[at..at + length].to_vec();
                let copies = 1 + self.below(40);
                input.splice(at..at, piece.repeat(copies));
            }
            5 => {
                let from = self.below(other.len() + 1);
                let to = from + self.below(32).min(other.len() - from);
                input.splice(at..at, other[from..to].iter().copied());
            }
            _ => input.truncate(at),
        }
    }
}
