//! One spelling for a type: a migration writes `timestamptz`, PostgreSQL answers `timestamp with time zone`.

/// The type as `format_type` writes it.
pub(super) fn canonical(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase().replace('"', "");
    let text = text.strip_prefix("pg_catalog.").unwrap_or(&text);
    let (element, array) = match text.split_once('[') {
        Some((element, _)) => (element.trim_end(), "[]"),
        None => (text, ""),
    };
    let (name, modifier, rest) = parts(element);
    let name = match format!("{name}{rest}").as_str() {
        "int" | "int4" | "serial" | "serial4" => "integer".to_owned(),
        "int8" | "bigserial" | "serial8" => "bigint".to_owned(),
        "int2" | "smallserial" | "serial2" => "smallint".to_owned(),
        "bool" => "boolean".to_owned(),
        "float8" | "float" => "double precision".to_owned(),
        "float4" => "real".to_owned(),
        "decimal" => "numeric".to_owned(),
        "varchar" => "character varying".to_owned(),
        "char" | "bpchar" if !modifier.is_empty() => "character".to_owned(),
        "varbit" => "bit varying".to_owned(),
        "timestamptz" | "timestamp with time zone" => return format!("timestamp{modifier} with time zone{array}"),
        "timestamp" | "timestamp without time zone" => return format!("timestamp{modifier} without time zone{array}"),
        "timetz" | "time with time zone" => return format!("time{modifier} with time zone{array}"),
        "time" | "time without time zone" => return format!("time{modifier} without time zone{array}"),
        other => other.to_owned(),
    };
    format!("{name}{modifier}{array}")
}

/// As a function's arguments have it: without what PostgreSQL does not keep of them, the `(12,2)` of `numeric(12,2)`.
pub(super) fn of_argument(text: &str) -> String {
    let text = canonical(text);
    match (text.find('('), text.find(')')) {
        (Some(open), Some(close)) if open < close => format!("{}{}", &text[..open], &text[close + 1..]),
        _ => text,
    }
}

/// `numeric(12, 2)` is a name, a modifier without blanks, and what follows it.
fn parts(text: &str) -> (&str, String, &str) {
    match text.split_once('(') {
        Some((name, rest)) => {
            let (inner, after) = rest.split_once(')').unwrap_or((rest, ""));
            (name.trim_end(), format!("({})", inner.replace(' ', "")), after)
        }
        None => (text, String::new(), ""),
    }
}

/// Whether both are one type. Who writes a type without its schema means the one that the search path finds.
pub(super) fn same(expected: &str, found: &str) -> bool {
    let (expected, found) = (canonical(expected), canonical(found));
    expected == found || !expected.contains('.') && found.rsplit_once('.').is_some_and(|(_, name)| name == expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_known_by_its_short_and_its_long_name() {
        for (written, answered) in [
            ("timestamptz", "timestamp with time zone"),
            ("timestamptz(3)", "timestamp(3) with time zone"),
            ("int8", "bigint"),
            ("varchar(20)", "character varying(20)"),
            ("numeric(12, 2)", "numeric(12,2)"),
            ("int4[]", "integer[]"),
            ("citext", "public.citext"),
            ("\"Shop\".money", "\"Shop\".money"),
        ] {
            assert!(same(written, answered), "{written} is {}, {answered} is {}", canonical(written), canonical(answered));
        }
        assert!(!same("bigint", "integer"));
        assert!(!same("a.citext", "b.citext"));
    }
}
