//! `cargo workflow diagram`

use crate::{Which, say};
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use workflow_migrate::{Declared, Error, Errors, Exit, Package, packages};

/// What to draw, and where to.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    which: Which,
    /// As what; may be given several times
    #[arg(long = "as", value_enum, value_name = "KIND", default_values_t = [Kind::Svg])]
    kinds: Vec<Kind>,
    /// Only the workflow with this label
    #[arg(long, value_name = "LABEL")]
    workflow: Option<String>,
    /// Print, and write nothing
    #[arg(long, conflicts_with = "check")]
    stdout: bool,
    /// Write nothing, and exit with 2 when a diagram is missing or shows something else
    #[arg(long)]
    check: bool,
}

/// The kinds of diagrams.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// A drawing, for pages and rustdoc
    Svg,
    /// Text that GitHub draws
    Mermaid,
    /// Graphviz
    Dot,
}

impl Kind {
    fn extension(self) -> &'static str {
        match self {
            Kind::Svg => "svg",
            Kind::Mermaid => "mmd",
            Kind::Dot => "dot",
        }
    }

    fn draw(self, declared: &Declared) -> String {
        match self {
            Kind::Svg => workflow_diagram::svg(&declared.model),
            Kind::Mermaid => workflow_diagram::mermaid(&declared.model),
            Kind::Dot => workflow_diagram::dot(&declared.model),
        }
    }
}

/// A diagram, and where it belongs.
struct Diagram {
    path: PathBuf,
    content: String,
}

/// Draws every workflow before anything is written.
pub(crate) fn run(options: &Options) -> Exit {
    match diagrams(options).and_then(|diagrams| carry_out(&diagrams, options)) {
        Ok(exit) => exit,
        Err(errors) => {
            say::errors(&errors.0);
            errors.exit()
        }
    }
}

fn diagrams(options: &Options) -> Result<Vec<Diagram>, Errors> {
    let (mut diagrams, mut errors) = (Vec::new(), Vec::new());
    for package in packages(options.which.manifest_path.as_deref(), options.which.package.as_deref())? {
        match package.declared() {
            Ok(workflows) => diagrams.extend(drawn(&package, &workflows, options)),
            Err(Errors(more)) => errors.extend(more),
        }
    }
    match &options.workflow {
        Some(label) if diagrams.is_empty() && errors.is_empty() => Err(Error::NoWorkflow { label: label.clone() }.into()),
        Some(_) | None if errors.is_empty() => Ok(diagrams),
        Some(_) | None => Err(Errors(errors)),
    }
}

fn drawn(package: &Package, workflows: &[Declared], options: &Options) -> Vec<Diagram> {
    let label = |declared: &Declared| declared.model.name.label.clone();
    let wanted = workflows.iter().filter(|declared| options.workflow.as_ref().is_none_or(|only| *only == label(declared)));
    let each = |declared| {
        options.kinds.iter().map(move |kind| Diagram {
            path: package.diagrams.join(label(declared)).with_added_extension(kind.extension()),
            content: kind.draw(declared),
        })
    };
    wanted.flat_map(each).collect()
}

fn carry_out(diagrams: &[Diagram], options: &Options) -> Result<Exit, Errors> {
    if options.stdout {
        diagrams.iter().for_each(|diagram| say::result(diagram.content.trim_end()));
        return Ok(Exit::Fine);
    }
    let mut stale = Vec::new();
    for diagram in diagrams {
        if !diagram.is_written()? {
            stale.push(diagram);
        }
    }
    if options.check {
        return Ok(checked(&stale));
    }
    if stale.is_empty() {
        say::remark("up-to-date", "up to date");
    }
    for diagram in stale {
        diagram.write()?;
        say::file("wrote", "wrote", &diagram.path);
    }
    Ok(Exit::Fine)
}

fn checked(stale: &[&Diagram]) -> Exit {
    for diagram in stale {
        let what = if diagram.path.exists() { "does not show what is declared" } else { "is not there" };
        say::finding("stale", &format!("`{}` {what}: run `cargo workflow diagram`", say::path(&diagram.path)));
    }
    if stale.is_empty() { Exit::Fine } else { Exit::Needed }
}

impl Diagram {
    /// Whether the file has this content; git may have changed the ends of its lines.
    fn is_written(&self) -> Result<bool, Error> {
        match std::fs::read(&self.path) {
            Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).replace("\r\n", "\n") == self.content),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
            Err(source) => Err(Error::Io { path: self.path.clone(), source }),
        }
    }

    fn write(&self) -> Result<(), Error> {
        let failed = |source| Error::Io { path: self.path.clone(), source };
        if let Some(folder) = self.path.parent() {
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        std::fs::write(&self.path, &self.content).map_err(failed)
    }
}
