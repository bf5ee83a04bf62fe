//! Declarations of random parts. What holds them together is always there, so that many of them have no faults.

use arbitrary::{Arbitrary, Result, Unstructured};
use std::fmt::Write;

/// The text of a block, with what stands around it in a file.
#[derive(Debug)]
pub struct Declaration(pub String);

const STATES: [&str; 5] = ["Placed", "Reserved", "Held", "Shipped", "Done"];
const FIELDS: [&str; 8] = ["sku", "quantity", "reason", "due", "tracking", "order", "flag", "weight"];
const TYPES: [&str; 12] = [
    "String", "i32", "i64", "bool", "f64", "DateTime<Utc>", "Option<String>", "Option<DateTime<Utc>>", "Vec<u8>", "Vec<String>",
    "Uuid", "Json<Option<String>>",
];
const EVENTS: [&str; 8] = ["reserve", "hold", "ship", "cancel", "expire", "retry", "note", "table"];
const TEXTS: [&str; 14] = [
    "it's", "\\", "$$", "$body$", "{table}", "%s", "/*", "--", "\"", "a\0b", "END IF; RETURN NULL; END $body$; --", "') OR (1 = 1",
    "\u{202e}x", "*/ DROP TABLE orders; /*",
];
const STATEMENTS: [&str; 8] = [
    "UPDATE stock SET n = n - 1", "PERFORM f()", "quantity > 0", "NEW.sku = '$$'", "BEGIN UPDATE a SET b = 1; END", "SELECT 1",
    "IF true THEN DELETE FROM a; END IF", "true",
];

impl<'a> Arbitrary<'a> for Declaration {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut text = String::from("workflow! {\n");
        head(u, &mut text)?;
        write!(text, "pub workflow Order in {}", u.choose(&["orders", "user", "sales.orders", "\u{e9}t\u{e9}"])?).expect("a text");
        if u.ratio(1, 8)? {
            text += " of Parent by sku";
        }
        text += " {\nid: Uuid,\n";
        fields(u, &mut text, 3)?;
        states(u, &mut text)?;
        lines(u, &mut text)?;
        Ok(Declaration(text + "}}\n"))
    }
}

/// `#[removed(Held -> Placed)]` and its like, and doc comments.
fn head(u: &mut Unstructured<'_>, text: &mut String) -> Result<()> {
    for _ in 0..u.int_in_range(0..=2)? {
        match u.int_in_range(0..=6)? {
            0 => writeln!(text, "#[label = {}]", string(u)?),
            1 => writeln!(text, "#[removed({} -> {})]", u.choose(&STATES)?, u.choose(&STATES)?),
            2 => writeln!(text, "#[dropped({} = {})]", u.choose(&FIELDS)?, literal(u)?),
            3 => writeln!(text, "#[dropped({}.{})]", u.choose(&STATES)?, u.choose(&FIELDS)?),
            4 => writeln!(text, "#[moved_from({})]", u.choose(&["orders", "older", "a.b"])?),
            5 => writeln!(text, "#[adopt({})]", u.choose(&FIELDS)?),
            _ => writeln!(text, "#[doc = {}]", string(u)?),
        }
        .expect("a text");
    }
    Ok(())
}

fn fields(u: &mut Unstructured<'_>, text: &mut String, most: usize) -> Result<()> {
    let first = u.choose_index(FIELDS.len())?;
    for n in 0..u.int_in_range(0..=most)? {
        attributes(u, text)?;
        writeln!(text, "{}: {},", FIELDS[(first + n) % FIELDS.len()], u.choose(&TYPES)?).expect("a text");
    }
    Ok(())
}

fn attributes(u: &mut Unstructured<'_>, text: &mut String) -> Result<()> {
    if u.ratio(3, 4)? {
        return Ok(());
    }
    match u.int_in_range(0..=6)? {
        0 => write!(text, "#[label = {}] ", string(u)?),
        1 => write!(text, "#[renamed_from = {}] ", string(u)?),
        2 => write!(text, "#[unique] "),
        3 => write!(text, "#[default = {}] ", literal(u)?),
        4 => write!(text, "#[was({}, {}, {})] ", u.choose(&TYPES)?, string(u)?, string(u)?),
        5 => write!(text, "#[sql = {}] ", string(u)?),
        _ => write!(text, "#[doc = {}] ", string(u)?),
    }
    .expect("a text");
    Ok(())
}

fn states(u: &mut Unstructured<'_>, text: &mut String) -> Result<()> {
    text.push_str("states {\n");
    for (n, name) in STATES.iter().enumerate() {
        if n % 4 != 0 {
            named(u, text)?;
        }
        let kind = if n == 0 { "initial " } else if n == 4 { "final " } else { "" };
        write!(text, "{kind}{name}").expect("a text");
        if n % 4 != 0 && u.ratio(1, 2)? {
            text.push_str(" {\n");
            fields(u, text, 2)?;
            text.push('}');
        }
        text.push_str(",\n");
    }
    text.push_str("}\ngroups { Open = Placed | Reserved | Held | Shipped, }\n");
    Ok(())
}

/// `#[label]`, `#[renamed_from]`
fn named(u: &mut Unstructured<'_>, text: &mut String) -> Result<()> {
    if u.ratio(1, 6)? {
        let word = u.choose(&["label", "renamed_from"])?;
        write!(text, "#[{word} = {}] ", string(u)?).expect("a text");
    }
    Ok(())
}

fn lines(u: &mut Unstructured<'_>, text: &mut String) -> Result<()> {
    text.push_str("transitions {\n");
    if u.ratio(1, 3)? {
        text.push_str("create: -> Placed");
        clauses(u, text)?;
        text.push_str(",\n");
    }
    for (n, pair) in STATES.windows(2).enumerate() {
        named(u, text)?;
        write!(text, "step{n}").expect("a text");
        line(u, text, pair[0], pair[1])?;
    }
    text.push_str("finish: Open -> Done,\n");
    for _ in 0..u.int_in_range(0..=4)? {
        named(u, text)?;
        let (event, source, target) = (u.choose(&EVENTS)?, u.choose(&STATES[..4])?, u.choose(&STATES)?);
        text.push_str(event);
        line(u, text, source, target)?;
    }
    text.push_str("}\n");
    Ok(())
}

fn line(u: &mut Unstructured<'_>, text: &mut String, source: &str, target: &str) -> Result<()> {
    if u.ratio(1, 2)? {
        write!(text, "({}: {})", u.choose(&FIELDS)?, u.choose(&TYPES)?).expect("a text");
    }
    write!(text, ": {source}").expect("a text");
    if u.ratio(7, 8)? {
        write!(text, " -> {target}").expect("a text");
        if u.ratio(1, 2)? {
            write!(text, " {{ {}: {} }}", u.choose(&FIELDS)?, literal(u)?).expect("a text");
        }
    }
    clauses(u, text)?;
    text.push_str(",\n");
    Ok(())
}

fn clauses(u: &mut Unstructured<'_>, text: &mut String) -> Result<()> {
    for _ in 0..u.int_in_range(0..=2)? {
        match u.int_in_range(0..=9)? {
            0 => write!(text, " after {} {}", u.arbitrary::<u16>()?, u.choose(&["seconds", "days", "failures of call", "hours"])?),
            1 => write!(text, " at {}", u.choose(&FIELDS)?),
            2 => write!(text, " by call pausing {} seconds to 1 hour", u.arbitrary::<u8>()?),
            3 => write!(text, " with take_stock"),
            4 => write!(text, " with sql {}", statement(u)?),
            5 => write!(text, " with sql maybe {}", statement(u)?),
            6 => write!(text, " then tell up to {} attempts", u.arbitrary::<u8>()?),
            7 => write!(text, " then tell on {}", u.choose(&FIELDS)?),
            8 => write!(text, " if sql {}", statement(u)?),
            _ => write!(text, " after all {}", u.choose(&["Shipment", "crate::a::Shipment"])?),
        }
        .expect("a text");
    }
    Ok(())
}

/// Quoted as Rust has it.
fn string(u: &mut Unstructured<'_>) -> Result<String> {
    Ok(match u.int_in_range(0..=3)? {
        0 => format!("{:?}", u.choose(&TEXTS)?),
        1 => format!("{:?}", u.arbitrary::<&str>()?),
        2 => format!("{:?}", u.choose(&FIELDS)?),
        _ => format!("{:?}", u.choose(&["a_1", "B.2-c", "numeric(12,2)", "placed", "x"])?),
    })
}

fn statement(u: &mut Unstructured<'_>) -> Result<String> {
    let mut text = (*u.choose(&STATEMENTS)?).to_owned();
    if u.ratio(1, 3)? {
        text += u.choose(&TEXTS)?;
    }
    if u.ratio(1, 8)? {
        text += u.arbitrary::<&str>()?;
    }
    Ok(format!("{text:?}"))
}

fn literal(u: &mut Unstructured<'_>) -> Result<String> {
    Ok(match u.int_in_range(0..=5)? {
        0 => "None".to_owned(),
        1 => u.arbitrary::<bool>()?.to_string(),
        2 => u.arbitrary::<i64>()?.to_string(),
        3 => format!("{}.5", u.arbitrary::<i8>()?),
        4 => format!("b\"{}\"", u.arbitrary::<[u8; 3]>()?.escape_ascii()),
        _ => string(u)?,
    })
}
