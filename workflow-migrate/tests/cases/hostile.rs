//! Names and values that need quotes, and types that are not the usual ones: each way is applied and taken back as the cases are.

use crate::run::{Way, try_way};

/// What stands in the database before: a schema, and a type of the user's.
const FIRST: &str = "CREATE SCHEMA sales; CREATE DOMAIN mood AS text;";

/// What goes wrong.
async fn fault(name: &str, before: &str, after: &str) -> Option<String> {
    let way = Way {
        name: format!("hostile-{name}"),
        before: before.into(),
        after: after.into(),
        first: FIRST.into(),
        is_free: true,
        ..Way::default()
    };
    let error = try_way(way).await.err()?;
    Some(format!("{name}: {error}\n{after}\n"))
}

/// The text with each of these replaced by the other.
fn changed(text: &str, replacements: &[(&str, &str)]) -> String {
    replacements.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    })
}

/// A table, a workflow, labels of states, events and columns that are no plain names.
const NAMES: &str = r#"workflow! {
    #[label = "Order-1.x"]
    pub workflow Order in user {
        #[label = "Code"]
        id: Uuid,
        #[label = "order"]
        #[unique]
        sku: String,
        #[label = "a-b.C"]
        quantity: i32,
        #[label = "interval"]
        due: Option<DateTime<Utc>>,

        states {
            #[label = "Placed-1.x"]
            initial Placed,
            #[label = "select"]
            Reserved {
                #[label = "table"] warehouse: String,
                #[label = "Until.x"] until: DateTime<Utc>,
                #[label = "End"] #[unique] slip: String,
            },
            #[label = "Held-back"]
            Held { #[label = "all"] reason: String },
            #[label = "Gone"]
            final Cancelled { #[label = "all"] reason: String },
        }

        transitions {
            #[label = "Re-serve.1"]
            reserve(warehouse: String, until: DateTime<Utc>, slip: String): Placed -> Reserved by find then tell,
            #[label = "Lapse.1"]
            lapse: Reserved -> Cancelled { reason: "it's \\ too \"late\" $$ $body$ %s {table}" } at until,
            hurry: Placed after 2 days,
            due: Placed -> Cancelled { reason: "due" } at due,
            hold(reason: String): Placed -> Held,
            cancel(reason: String): Placed | Reserved | Held -> Cancelled
                with sql maybe "PERFORM 'it''s $$'" if sql "NEW.version > -1 AND 'it''s' <> '$$'",
            change(quantity: i32): Placed,
        }
    }
}"#;

#[tokio::test(flavor = "multi_thread")]
async fn names_that_need_quotes_hold_in_every_kind_of_file() {
    let odd = r#""it's \\ \"odd\" $$ % {table} --""#;
    let ways: [(&str, &[(&str, &str)]); 16] = [
        (
            "state-added",
            &[
                ("final Cancelled", "#[label = \"Lost.1\"] final Lost,\n            final Cancelled"),
                (
                    "#[label = \"Gone\"]\n            #[label = \"Lost.1\"] final Lost,",
                    "#[label = \"Lost.1\"] final Lost,\n            #[label = \"Gone\"]",
                ),
                ("change(quantity", "#[label = \"lose-it\"] lose: Placed -> Lost,\n            change(quantity"),
            ],
        ),
        (
            "state-removed",
            &[
                ("    pub workflow", "    #[removed(Held -> Placed)]\n    pub workflow"),
                ("            #[label = \"Held-back\"]\n            Held { #[label = \"all\"] reason: String },\n", ""),
                ("            hold(reason: String): Placed -> Held,\n", ""),
                (" | Held ->", " ->"),
            ],
        ),
        ("state-renamed", &[("#[label = \"select\"]", "#[label = \"Where\"] #[renamed_from = \"select\"]")]),
        ("initial-renamed", &[("#[label = \"Placed-1.x\"]", "#[label = \"order\"] #[renamed_from = \"Placed-1.x\"]")]),
        (
            "field-added",
            &[(
                "quantity: i32,\n        #",
                "quantity: i32,\n        #[label = \"limit\"] #[default = ODD]\n        limit: String,\n        #",
            )],
        ),
        (
            "state-field-added",
            &[
                (
                    "#[label = \"Until.x\"] until",
                    "#[label = \"limit\"] #[default = ODD] limit: String,\n                #[label = \"Until.x\"] until",
                ),
                ("reserve(", "reserve(limit: String, "),
            ],
        ),
        ("field-renamed", &[("#[label = \"a-b.C\"]", "#[label = \"D\"] #[renamed_from = \"a-b.C\"]")]),
        (
            "field-retyped",
            &[
                (
                    "#[label = \"a-b.C\"]",
                    "#[label = \"D\"] #[renamed_from = \"a-b.C\"] #[was(i32, \"\\\"a-b.C\\\" * 100\", \"\\\"D\\\" / 100\")]",
                ),
                ("quantity: i32", "quantity: i64"),
            ],
        ),
        (
            "field-dropped",
            &[
                ("    pub workflow", "    #[dropped(quantity = -1)]\n    pub workflow"),
                ("        #[label = \"a-b.C\"]\n        quantity: i32,\n", ""),
                ("            change(quantity: i32): Placed,\n", ""),
            ],
        ),
        ("state-field-renamed", &[("#[label = \"table\"]", "#[label = \"Depot\"] #[renamed_from = \"table\"]")]),
        ("timer-field-renamed", &[("#[label = \"Until.x\"]", "#[label = \"Till\"] #[renamed_from = \"Until.x\"]")]),
        ("state-unique-dropped", &[("#[label = \"End\"] #[unique]", "#[label = \"End\"]")]),
        (
            "state-field-gained",
            &[
                (
                    "#[label = \"Held-back\"]\n            Held {",
                    "#[label = \"Held-back\"]\n            Held { #[label = \"table\"] #[default = ODD] warehouse: String,",
                ),
                ("#[label = \"table\"] warehouse", "#[label = \"table\"] #[default = ODD] warehouse"),
                ("hold(reason: String)", "hold(reason: String, warehouse: String)"),
            ],
        ),
        (
            "event-renamed",
            &[
                ("#[label = \"Re-serve.1\"]", "#[label = \"Keep\"] #[renamed_from = \"Re-serve.1\"]"),
                ("#[label = \"Lapse.1\"]", "#[label = \"Lapse.2\"] #[renamed_from = \"Lapse.1\"]"),
            ],
        ),
        (
            "table-moved",
            &[
                ("in user {", "in sales.group {"),
                ("    pub workflow", "    #[moved_from(user)]\n    pub workflow"),
                ("#[label = \"a-b.C\"]", "#[label = \"D\"] #[renamed_from = \"a-b.C\"]"),
            ],
        ),
        ("workflow-renamed", &[("#[label = \"Order-1.x\"]", "#[label = \"Purchase\"] #[renamed_from = \"Order-1.x\"]")]),
    ];
    let mut faults = Vec::new();
    for (name, replacements) in ways {
        faults.extend(fault(name, NAMES, &changed(NAMES, replacements).replace("ODD", odd)).await);
    }
    assert!(faults.is_empty(), "{}", faults.concat());
}

/// Names as long as they may be.
#[tokio::test(flavor = "multi_thread")]
async fn names_as_long_as_they_may_be_stay_apart() {
    let long = |text: &str| {
        text.replace("LONG_TABLE", &"t".repeat(46)).replace("_COLUMN", &"c".repeat(12)).replace("_EVENT", &"e".repeat(14))
    };
    let before = "workflow! { pub workflow Order in LONG_TABLE { id: Uuid, #[unique] x_COLUMN: Option<String>, \
        states { initial Placed, Reserved { y_COLUMN: String, z_COLUMN: DateTime<Utc> }, final Done } \
        transitions { a_EVENT(y_COLUMN: String, z_COLUMN: DateTime<Utc>): Placed -> Reserved, b_EVENT: Reserved -> Done at z_COLUMN, } } }";
    let after = "workflow! { pub workflow Order in LONG_TABLE { id: Uuid, #[unique] x_COLUMN: Option<String>, #[unique] w_COLUMN: Option<String>, \
        states { initial Placed, #[renamed_from = \"reserved\"] Kept { #[renamed_from = \"y_COLUMN\"] v_COLUMN: String, \
            #[renamed_from = \"z_COLUMN\"] u_COLUMN: DateTime<Utc> }, final Done } \
        transitions { a_EVENT(v_COLUMN: String, u_COLUMN: DateTime<Utc>): Placed -> Kept, #[renamed_from = \"b_EVENT\"] c_EVENT: Kept -> Done at u_COLUMN, } } }";
    assert_eq!(fault("long", &long(before), &long(after)).await, None);
}

/// Keys and columns of all types, where a state gains them, loses them, and calls them otherwise.
#[tokio::test(flavor = "multi_thread")]
async fn keys_and_columns_may_be_of_any_type() {
    let mut faults = Vec::new();
    for (number, key) in
        ["id: i64", "id: String", "#[sql = \"mood\"] id: Mood", "#[sql = \"varchar(40)\"] id: Code"].into_iter().enumerate()
    {
        for (at, (ty, sql)) in [
            ("Raw", "#[sql = \"json\"] "),
            ("Spot", "#[sql = \"point\"] "),
            ("Vec<String>", ""),
            ("NaiveDate", ""),
            ("Vec<u8>", ""),
            ("Decimal", ""),
            ("f64", ""),
            ("Json<Value>", ""),
            ("Mood", "#[sql = \"mood\"] "),
        ]
        .into_iter()
        .enumerate()
        {
            // Each type meets each kind of key in turn.
            if at % 4 != number {
                continue;
            }
            let text = "workflow! { WORDS pub workflow Order in orders { KEY, COMMON_A SQLa: Option<TYPE>, \
                states { initial Placed, Reserved { SQL RENAMEb: TYPE, SQLc: Option<TYPE> }, Held { GAINED }, final Done } \
                transitions { reserve(BB: TYPE, c: Option<TYPE>): Placed -> Reserved, hold: Reserved -> Held, finish: Reserved | Held -> Done, } } }";
            let fill = |words: &str, rename: &str, b: &str, gained: &str| {
                text.replace("WORDS", words)
                    .replace("RENAMEb", &format!("{rename} {b}"))
                    .replace("BB", b)
                    .replace("GAINED", gained)
                    .replace("COMMON_A", "")
                    .replace("SQL", sql)
                    .replace("TYPE", ty)
                    .replace("KEY", key)
            };
            let before = fill("", "", "b", "");
            let after = fill("", "#[renamed_from = \"b\"]", "bb", "SQLc: Option<TYPE>");
            faults.extend(fault(&format!("types-{number}-{at}"), &before, &after).await);
            let dropped = fill("#[dropped(Reserved.c)]", "", "b", "")
                .replace(&format!(", {sql}c: Option<{ty}>"), "")
                .replace(&format!(", c: Option<{ty}>"), "");
            faults.extend(fault(&format!("types-{number}-{at}-dropped"), &before, &dropped).await);
        }
    }
    assert!(faults.is_empty(), "{}", faults.concat());
}
