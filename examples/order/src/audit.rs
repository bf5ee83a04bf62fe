//! Do the tables agree with each other, and with history?

mod outside;

use crate::scenes::storm::Outside;
use crate::scenes::{Failure, expect, title};
use crate::stage::Stage;
use ::order::workflow::{Order, order as workflow};
use sqlx::Row;
use workflow_runtime::Step;

pub(crate) async fn audit(stage: &Stage, outside: &Outside) -> Result<(), Failure> {
    title(8, "The audit.");
    ended(stage).await?;
    stock(stage).await?;
    moves(stage).await?;
    shipments(stage).await?;
    outside::parcels(stage, outside).await?;
    outside::mails(stage, outside).await?;
    let orders = histories(stage).await?;
    println!("   history replays to every one of {orders} orders\n\nAll of it holds.");
    Ok(())
}

async fn ended(stage: &Stage) -> Result<(), Failure> {
    let open: i64 = sqlx::query_scalar(include_str!("sql/open.sql")).fetch_one(stage.pool()).await?;
    expect(open == 0, "every order is delivered or cancelled, and no job is left")?;
    println!("   every order is delivered or cancelled, and no job is left");
    Ok(())
}

/// Each effect is in the list of movements as often as the transition is in history: a second time would be seen.
async fn moves(stage: &Stage) -> Result<(), Failure> {
    let wrong: i64 = sqlx::query_scalar(include_str!("sql/moves.sql")).fetch_one(stage.pool()).await?;
    expect(wrong == 0, "stock moved once for each step of each order")?;
    println!("   stock moved once for each step of each order");
    Ok(())
}

/// Nothing was taken twice, nothing was forgotten.
async fn stock(stage: &Stage) -> Result<(), Failure> {
    let rows = sqlx::query(include_str!("sql/stock.sql")).fetch_all(stage.pool()).await?;
    for row in rows {
        let sku: String = row.try_get("sku")?;
        let [initial, on_hand, reserved, shipped, owed] =
            ["initial", "on_hand", "reserved", "shipped", "owed"].map(|column| row.try_get::<i64, _>(column));
        let (initial, on_hand, reserved, shipped, owed) = (initial?, on_hand?, reserved?, shipped?, owed?);
        println!("   {sku}: {on_hand} in stock + {reserved} reserved + {shipped} shipped = {initial}");
        expect(on_hand + reserved + shipped == initial, &format!("the stock of {sku} adds up to {initial}"))?;
        expect(reserved == owed, &format!("{owed} of {sku} are reserved, as the orders say"))?;
    }
    Ok(())
}

/// Each shipped order has one shipment, each delivered one a message.
async fn shipments(stage: &Stage) -> Result<(), Failure> {
    let wrong: i64 = sqlx::query_scalar(include_str!("sql/shipments.sql")).fetch_one(stage.pool()).await?;
    expect(wrong == 0, "every shipped order has one shipment, every delivered one a message")?;
    println!("   every shipped order has one shipment, every delivered one a message");
    Ok(())
}

async fn histories(stage: &Stage) -> Result<usize, Failure> {
    let (mut count, mut last) = (0, None);
    loop {
        let find = Order::find(stage.pool()).limit(500);
        let page = match last {
            Some(id) => find.after(id).all().await?,
            None => find.all().await?,
        };
        let Some(end) = page.last() else { return Ok(count) };
        last = Some(end.id);
        for order in &page {
            let steps = order.history(stage.pool()).await?;
            expect(replays(order, &steps), &format!("the history of {} leads to where it is", order.id))?;
        }
        count += page.len();
    }
}

/// From its creation on, each step is an arrow of the declaration that starts where the last one ended; the last one leads to
/// the row.
fn replays(order: &Order, steps: &[Step<Order>]) -> bool {
    let mut at: Option<&str> = None;
    for (step, version) in steps.iter().zip(1..) {
        let Some(to) = step.state.as_ref().ok().and_then(workflow::State::label) else { return false };
        let to = to.as_str();
        let legal = match at {
            None => step.event == "create" && to == "placed",
            Some(from) => workflow::MODEL.edges.iter().any(|e| (e.from, e.event, e.to) == (from, step.event.as_str(), to)),
        };
        if !legal || step.version != version || step.from.as_deref() != at {
            return false;
        }
        at = Some(to);
    }
    let ends = steps.last().and_then(|step| step.state.as_ref().ok());
    ends == Some(&order.state) && steps.last().map(|step| step.version) == Some(order.version())
}
