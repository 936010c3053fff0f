// SPDX-License-Identifier: MIT
//! diff-folded BEFORE AFTER: what inferno's program of that name does, by its library.
use inferno::differential::{from_files, Options};

fn main() {
    let files: Vec<_> = std::env::args().skip(1).collect();

    from_files(Options::default(), &files[0], &files[1], std::io::stdout().lock()).unwrap();
}
