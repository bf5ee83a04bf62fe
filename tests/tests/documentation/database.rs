//! The pages' SQL, run in the order in which it is read.

use crate::book::{self, Block, Page};
use crate::psql;
use std::fs;
use workflow_testing::Database;

/// The tables that the shop has of its own, and one order, just placed.
const PLACED: &str = "
    INSERT INTO inventory (sku, initial, on_hand) VALUES ('tea', 3, 3);
    INSERT INTO orders (id, customer_id, sku, quantity)
        VALUES ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-0000000000aa', 'tea', 2);
";

async fn shop() -> Database {
    let database = workflow_tests::database(workflow_tests::ORDER, &shop_tables()).await;
    assert_eq!(psql::run(&database, PLACED), "");
    database
}

fn shop_tables() -> String {
    let folder = book::root().join("examples/order/migrations");
    let mut files = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let file = files.find(|path| path.to_string_lossy().ends_with("_shop.up.sql")).expect("the shop's own tables");
    fs::read_to_string(file).expect("a file")
}

/// Each `sql` block, with the answer that the page shows for it.
fn statements(page: &Page) -> Vec<(Block, Option<Block>)> {
    let mut blocks = page.blocks().into_iter().peekable();
    let mut statements = Vec::new();
    while let Some(block) = blocks.next() {
        if block.kind == "sql" {
            let answer = blocks.next_if(|next| next.kind == "text");
            statements.push((block, answer));
        }
    }
    statements
}

#[tokio::test]
async fn postgres_answers_as_the_pages_say() {
    for page in book::pages() {
        let statements = statements(&page);
        if statements.is_empty() {
            continue;
        }
        let database = match page.name.as_str() {
            "docs/src/tutorial.md" => crate::tutorial::database().await,
            _ => shop().await,
        };
        let mut text = page.text.clone();
        for (statement, answer) in statements {
            let said = psql::run(&database, &statement.text);
            let expected = answer.map(|a| a.text.trim_end().to_owned()).unwrap_or_default();
            if at_any_time(&said) == at_any_time(&expected) {
                continue;
            }
            if std::env::var_os("DOCUMENTATION").is_some() && !expected.is_empty() {
                text = with_answer(&text, &statement, &said);
            } else {
                panic!("{}: PostgreSQL says\n{said}\n\nDOCUMENTATION=overwrite accepts it", page.place(&statement));
            }
        }
        if text != page.text {
            fs::write(book::root().join(&page.name), text).expect("the page");
        }
    }
}

/// The page with what PostgreSQL says now behind the statement.
fn with_answer(page: &str, statement: &Block, said: &str) -> String {
    let (before, rest) = page.split_once(&statement.text).expect("the statement");
    let (between, rest) = rest.split_once("```text\n").expect("an answer");
    let (_, after) = rest.split_once("```").expect("its end");
    format!("{before}{}{between}```text\n{said}\n```{after}", statement.text)
}

/// Without times of day and dates, which differ from run to run.
fn at_any_time(text: &str) -> String {
    let is_time = |word: &str| {
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        digits >= 6 && (word.matches(':').count() == 2 || word.len() == 10 && word.matches('-').count() == 2)
    };
    text.split(' ').map(|word| if is_time(word) { "<time>" } else { word }).collect::<Vec<_>>().join(" ")
}
