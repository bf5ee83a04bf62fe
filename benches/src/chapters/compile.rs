//! What a workflow costs the compiler.

use crate::Failure;
use crate::chapter::Chapter;
use crate::declared::CLAIM;
use crate::figure::{Goal, Spread};
use crate::project::{self, Cost, Project};
use crate::rounds::Effort;

const ABOUT: &str = "\
A workflow of 12 states and 30 transitions stands in a file of a library, the file is saved, and `cargo check` runs, with incremental
compilation as everybody has it. It is saved with an event that has another name; with a line more at its top; and as it was. The file beside it
is empty: what is left then is Cargo, and rustc reading the crates that are used.

- **By hand** has the same types (a struct for each state, their enum, an instance whose type says where it is, an enum of the events), a typed
  method for each transition that locks the row, updates it, records it and commits, creation, loading and finding, and history that is decoded. It
  has no timers and jobs, is not told of other events, and checks its SQL nowhere.
- **statig** has the states with their data and the events; **smlang** and **state-machines** (0.21, the last one for this compiler) the states
  and events without data. None of them knows a database.
- **20 workflows** are 20 files of one crate, and one of them is saved.";

const WHY: &str = "\
rustc expands every macro of a crate at each check, also those of files that nobody has touched. Of a file saved as it was, `-Ztime-passes` said that
0.75 of 2.03 seconds were expansion, and by hand 0.15 of 0.68. Refusing each pair of a state and an event in words of its own is about a tenth of a
workflow's cost (measured by leaving it out). With the macro optimized (`opt-level = 3` under `[profile.dev.build-override]`) one of 20 took 11.4, 6.6 and
4.9 seconds instead of 12.3, 7.0 and 5.3, and one alone took no less.";

/// What all have that know a database.
const APPLICATION: &str = "\
chrono = { version = \"0.4.45\", default-features = false, features = [\"clock\", \"serde\", \"std\"] }
serde = { version = \"1.0.229\", features = [\"derive\"] }
serde_json = \"1.0.154\"
sqlx = { version = \"0.9.0\", default-features = false, features = [\"chrono\", \"json\", \"macros\", \"migrate\", \"postgres\", \"runtime-tokio\", \"uuid\"] }
uuid = { version = \"1.29.3\", features = [\"serde\", \"v4\"] }
";

const CHRONO: &str = "chrono = { version = \"0.4.45\", default-features = false, features = [\"clock\", \"serde\", \"std\"] }\n";

/// How a file is written.
type Written = fn(usize) -> String;

/// Who is compared.
struct Contender {
    /// Its folder and its crate.
    name: &'static str,
    title: &'static str,
    dependencies: String,
    files: usize,
    written: Written,
}

/// How a file is saved, in which round.
type Saved = (&'static str, fn(&str, usize) -> String);

/// Each goes on from what the one before has left, and a round from the round before.
const SAVED: [Saved; 3] = [
    ("with an event renamed", |text, round| lines(round) + &renamed(text, round)),
    ("with a line more", |text, round| lines(round + 1) + &renamed(text, round)),
    ("as it was", |text, round| lines(round + 1) + &renamed(text, round)),
];

fn lines(many: usize) -> String {
    "// A line.\n".repeat(many)
}

fn renamed(text: &str, round: usize) -> String {
    text.replace("lapse", &format!("lapse{round}")).replace("Lapse", &format!("Lapse{round}"))
}

/// Of one contender, round by round, for each way to save.
type Costs = [Vec<Cost>; SAVED.len()];

pub(super) fn measure(effort: Effort) -> Result<Chapter, Failure> {
    let contenders = contenders();
    let project = written(&contenders)?;
    for contender in &contenders {
        project.ask(&contender.check())?;
    }
    let mut costs: Vec<Costs> = contenders.iter().map(|_| Costs::default()).collect();
    for round in 0..effort.rounds {
        for (way, (_, saved)) in SAVED.iter().enumerate() {
            for (contender, costs) in contenders.iter().zip(&mut costs) {
                project.write(&contender.file(1), &saved(&(contender.written)(1), round))?;
                costs[way].push(project.measure(&contender.check())?);
            }
        }
    }
    let sizes = contenders.iter().map(|contender| contender.size(&project)).collect::<Result<_, _>>()?;
    Ok(chapter(&contenders, &costs, sizes))
}

fn contenders() -> Vec<Contender> {
    // By hand it is not used, and rustc does not read what is not used; like this there is one set of dependencies.
    let runtime = APPLICATION.to_owned() + &project::ours("workflow-runtime");
    let contender = |name, title, dependencies: &str, files, written| Contender {
        name,
        title,
        dependencies: dependencies.to_owned(),
        files,
        written,
    };
    vec![
        contender("with_us", "`workflow!`", &runtime, 1, |number| CLAIM.with_us(number)),
        contender("by_hand", "by hand", &runtime, 1, |number| CLAIM.by_hand(number)),
        contender("twenty_with_us", "20 × `workflow!`", &runtime, 20, |number| CLAIM.with_us(number)),
        contender("twenty_by_hand", "20 by hand", &runtime, 20, |number| CLAIM.by_hand(number)),
        contender("nothing", "an empty file", &runtime, 1, |_| String::new()),
        contender("with_statig", "statig", &format!("{CHRONO}statig = \"=0.4.1\"\n"), 1, |number| CLAIM.for_statig(number)),
        contender("with_smlang", "smlang, no data", "smlang = \"=0.8.0\"\n", 1, |number| CLAIM.for_smlang(number)),
        contender("with_state_machines", "state-machines, no data", "state-machines = \"=0.21.1\"\n", 1, |number| {
            CLAIM.for_state_machines(number)
        }),
    ]
}

/// One workspace, so that what they depend on is compiled once.
fn written(contenders: &[Contender]) -> Result<Project, Failure> {
    let members: String = contenders.iter().map(|Contender { name, .. }| format!("{name} = {{ path = \"{name}\" }}\n")).collect();
    let project = Project::new("compile", &members)?;
    project.write("src/lib.rs", "")?;
    for contender in contenders {
        let Contender { name, dependencies, files, .. } = contender;
        let package = "version = \"0.0.0\"\nedition = \"2024\"\nrust-version = \"1.95\"";
        project.write(
            &format!("{name}/Cargo.toml"),
            &format!("[package]\nname = \"{name}\"\n{package}\n\n[dependencies]\n{dependencies}"),
        )?;
        let modules: String = (1..=*files).map(|number| format!("pub mod claim{number};\n")).collect();
        project.write(&format!("{name}/src/lib.rs"), &modules)?;
        for number in 1..=*files {
            project.write(&contender.file(number), &(contender.written)(number))?;
        }
    }
    Ok(project)
}

impl Contender {
    fn file(&self, number: usize) -> String {
        format!("{}/src/claim{number}.rs", self.name)
    }

    fn check(&self) -> [&str; 3] {
        ["check", "-p", self.name]
    }

    /// Lines and bytes as they are written, and once every macro is expanded.
    fn size(&self, project: &Project) -> Result<[usize; 4], Failure> {
        let written = (self.written)(1);
        let expanded = project.expanded(self.name)?;
        Ok([&written, &expanded].map(|text| [text.lines().count(), text.len()]).as_flattened().try_into()?)
    }
}

fn chapter(contenders: &[Contender], costs: &[Costs], sizes: Vec<[usize; 4]>) -> Chapter {
    let mut chapter = Chapter::new("compile", "What a workflow costs the compiler", ABOUT);
    let ratio = |ours: usize, theirs: usize, way: usize| {
        let [ours, theirs] = [ours, theirs].map(|who| costs[who][way].iter().map(|cost| cost.seconds).collect::<Vec<_>>());
        Spread::ratio(&ours, &theirs)
    };
    chapter.because(WHY);
    for (way, (saved, _)) in SAVED.iter().enumerate() {
        chapter.bar(&format!("`cargo check`, saved {saved}"), "by hand", Goal::AtMost(1.5), ratio(0, 1, way));
    }
    for (way, (saved, _)) in SAVED.iter().enumerate() {
        chapter.bar(&format!("the same, one of 20, saved {saved}"), "20 by hand", Goal::AtMost(1.5), ratio(2, 3, way));
    }
    let columns = SAVED.map(|(saved, _)| saved);
    for (title, of) in
        [("Seconds, saved", (|cost| cost.seconds) as fn(&Cost) -> f64), ("Processor's seconds, saved", |cost| cost.processor)]
    {
        let rows = contenders.iter().zip(costs).map(|(contender, costs)| {
            let figures = costs.each_ref().map(|costs| Spread::of(&costs.iter().map(of).collect::<Vec<_>>()));
            (contender.title.to_owned(), figures.to_vec())
        });
        chapter.table(title, &columns, rows.collect());
    }
    let rows = contenders.iter().zip(sizes).filter(|(contender, _)| contender.files == 1);
    let rows = rows.map(|(contender, sizes)| (contender.title.to_owned(), sizes.map(|size| Spread::of(&[size as f64])).to_vec()));
    chapter.table("Size", &["lines written", "bytes", "lines expanded", "bytes"], rows.collect());
    chapter
}
