//! The macro as a program: reads a block, writes what becomes of it. A proc macro's own functions can only be called by the compiler,
//! and how much work they are could not be counted there.

mod compile;
mod expand;
mod render;

use proc_macro2::TokenStream;
use std::io::{Read, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let mut block = String::new();
    std::io::stdin().read_to_string(&mut block)?;
    let block: TokenStream = block.parse()?;
    let items = compile::compile(block, None).to_string();
    Ok(std::io::stdout().write_all(items.as_bytes())?)
}
