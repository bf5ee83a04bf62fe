//! Bugs that live in the database: planted by statements, after the migration.

use crate::site::Site;

/// The guard stands, and does not look.
pub(crate) async fn guard_off(site: &Site) {
    site.run("ALTER TABLE accounts DISABLE TRIGGER accounts_transition").await;
}

/// The guard looks at the row before the triggers that come after it by their name; history and jobs are written as ever.
pub(crate) async fn guard_before(site: &Site) {
    let guard = "accounts_transition";
    let was = definition(site, guard).await;
    let (judges, writes) = was.split_once("-- What `actor` and `key` say").expect("a judging part");
    let (_, end) = writes.rsplit_once("RETURN NULL;").expect("an end");
    let before = changed(&format!("{judges}RETURN NULL;{end}"), "RETURN NULL;", "RETURN NEW;");
    site.run(&changed(&before, guard, "accounts_before")).await;
    site.run(
        "CREATE TRIGGER accounts_before BEFORE INSERT OR UPDATE ON accounts FOR EACH ROW EXECUTE FUNCTION accounts_before()",
    )
    .await;
    let blind = "CREATE FUNCTION blind(text, text, text, text, text, boolean, boolean) RETURNS void LANGUAGE sql AS ''";
    site.run(blind).await;
    site.run(&changed(&was, "workflow.tolerate(", "public.blind(")).await;
}

/// Names without a schema, and no path of their own: a client's temporary table comes first.
pub(crate) async fn shadowed(site: &Site) {
    let was = definition(site, "accounts_transition").await;
    let bare = changed(&was, "INTO public.", "INTO ");
    site.run(&changed(&bare, "SET search_path TO 'pg_catalog', 'pg_temp'", "")).await;
}

/// History takes a key a second time.
pub(crate) async fn keys_repeat(site: &Site) {
    site.run(
        "DROP INDEX accounts_history_by_key;
        CREATE INDEX accounts_history_by_key ON accounts_history (id, key) WHERE key IS NOT NULL",
    )
    .await;
}

/// A child's transition counts the others and lets the parent look when it finds none on its way; it leaves no job.
pub(crate) async fn join_in_trigger(site: &Site) {
    site.run(
        "CREATE FUNCTION counted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF NOT EXISTS (SELECT FROM shipments s WHERE s.order_id = NEW.order_id AND s.state <> 'delivered') THEN
                UPDATE orders_jobs j SET run_at = now(), attempt = j.attempt + 1 WHERE j.id = NEW.order_id AND j.kind = 'join';
            END IF;
            RETURN NULL;
        END $$;
        CREATE TRIGGER counted AFTER UPDATE ON shipments FOR EACH ROW EXECUTE FUNCTION counted();
        CREATE FUNCTION untold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
        CREATE TRIGGER untold BEFORE INSERT ON shipments_jobs FOR EACH ROW WHEN (NEW.kind = 'join') EXECUTE FUNCTION untold();",
    )
    .await;
}

async fn definition(site: &Site, function: &str) -> String {
    site.ask(&format!("SELECT pg_get_functiondef('{function}'::regproc)")).await
}

/// A bug that is not planted must not pass for one that was not found.
fn changed(text: &str, what: &str, by: &str) -> String {
    assert!(text.contains(what), "it cannot be planted, since there is no {what} in\n{text}");
    text.replace(what, by)
}
