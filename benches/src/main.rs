//! `cargo run --release -p bench -- all` measures everything, side by side with what people would do instead, and writes
//! `docs/src/performance.md`. A chapter's name measures that one again, `page` writes the page from what was measured last.
//! `counts` measures nothing: it counts instructions, and compares them with `counts.toml`.

mod chapter;
mod chapters;
mod counts;
mod declared;
mod figure;
mod hand;
mod machine;
mod page;
mod parcel;
mod peers;
mod plot;
mod project;
mod rounds;
mod site;
mod staff;
mod wire;

use chapter::Chapter;
use clap::Parser;
use std::process::ExitCode;

/// Any failure ends the chapter: a figure whose work was not what it should have been is no figure.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Measures, and writes the page. 0: measured, whether or not the bars are met; 1: something failed; 2: typed wrongly.
#[derive(Parser)]
struct Arguments {
    /// `all`, `page`, `counts`, or chapters: transition, trips, pieces, clients, bulk, timers, jobs, idle, growth, bloat, peers,
    /// weight, compile.
    #[arg(required = true)]
    what: Vec<String>,
    /// A few minutes: fewer and shorter rounds, smaller tables. The page is not written.
    #[arg(long)]
    quick: bool,
    /// With `counts`: keep them, instead of comparing them with those that are kept.
    #[arg(long)]
    bless: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Result<(), Failure> {
    if arguments.what == ["counts"] {
        return counts::run(arguments.bless).await;
    }
    let effort = rounds::Effort::new(arguments.quick);
    for kind in chapters::asked(&arguments.what)? {
        let chapter = kind.measure(effort).await?;
        println!("{}", chapter.report());
        if !arguments.quick {
            chapter.keep()?;
        }
    }
    if arguments.quick { Ok(()) } else { page::write(&Chapter::kept()?) }
}
