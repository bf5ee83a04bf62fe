use super::*;
use chrono::{Days, TimeDelta};
use chrono_tz::Europe::Berlin;
use chrono_tz::{America, Australia, Tz};

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

fn of(expression: &str) -> Schedule {
    Schedule::new("test", expression).unwrap()
}

/// The next ticks, by the clock of the zone.
fn ticks(schedule: &Schedule, zone: Tz, after: &str, count: usize) -> Vec<String> {
    let ticks = std::iter::successors(schedule.next(at(after)), |tick| schedule.next(*tick)).take(count);
    ticks.map(|tick| tick.with_timezone(&zone).format("%d %H:%M %:z").to_string()).collect()
}

#[test]
fn it_is_utc_unless_a_zone_is_given() {
    assert_eq!(of("0 6 1 * *").next(at("2026-02-10T00:00:00Z")), Some(at("2026-03-01T06:00:00Z")));
    assert_eq!(of("0 6 1 * *").in_zone(Berlin).next(at("2026-02-10T00:00:00Z")), Some(at("2026-03-01T05:00:00Z")));
    assert_eq!(of("*/20 0 6 * * *").next(at("2026-02-10T06:00:20.5Z")), Some(at("2026-02-10T06:00:40Z")));
}

#[test]
fn the_latest_missed_tick_is_due_or_each_when_it_catches_up() {
    let (last, now) = (at("2026-02-10T06:00:00Z"), at("2026-02-13T07:00:00.25Z"));
    assert_eq!(of("0 6 * * *").due(last, now), Some(at("2026-02-13T06:00:00Z")));
    assert_eq!(of("0 6 * * *").catching_up().due(last, now), Some(at("2026-02-11T06:00:00Z")));
    for schedule in [of("0 6 * * *"), of("0 6 * * *").catching_up()] {
        assert_eq!(schedule.due(at("2026-02-13T06:00:00Z"), now), None);
        assert_eq!(schedule.due(last, at("2026-02-11T06:00:00Z")), Some(at("2026-02-11T06:00:00Z")));
        assert_eq!(schedule.due(last, at("2026-02-11T05:59:59.999Z")), None);
    }
}

#[test]
fn a_named_time_comes_once_a_day_when_the_clocks_change() {
    let nightly = of("30 2 * * *").in_zone(Berlin);
    let forward = ticks(&nightly, Berlin, "2026-03-28T00:00:00Z", 3);
    assert_eq!(forward, ["28 02:30 +01:00", "29 03:00 +02:00", "30 02:30 +02:00"]);
    let back = ticks(&nightly, Berlin, "2026-10-24T00:00:00Z", 3);
    assert_eq!(back, ["24 02:30 +02:00", "25 02:30 +02:00", "26 02:30 +01:00"]);
}

#[test]
fn what_recurs_within_the_day_comes_as_often_as_the_clock_shows_it() {
    let half = of("30 * * * *").in_zone(Berlin);
    let forward = ticks(&half, Berlin, "2026-03-29T00:00:00Z", 3);
    assert_eq!(forward, ["29 01:30 +01:00", "29 03:30 +02:00", "29 04:30 +02:00"]);
    let back = ticks(&half, Berlin, "2026-10-24T23:00:00Z", 4);
    assert_eq!(back, ["25 01:30 +02:00", "25 02:30 +02:00", "25 02:30 +01:00", "25 03:30 +01:00"]);
}

/// Otherwise a tick could be made that is not one of them, or one twice.
#[test]
fn the_latest_tick_is_always_one_of_those_that_come_one_after_the_other() {
    for (zone, from) in [
        (Berlin, "2026-03-28T00:00:00Z"),
        (Berlin, "2026-10-24T00:00:00Z"),
        (America::New_York, "2026-03-07T00:00:00Z"),
        (America::New_York, "2026-10-31T00:00:00Z"),
        (Australia::Lord_Howe, "2026-04-04T00:00:00Z"),
        (Australia::Lord_Howe, "2026-10-03T00:00:00Z"),
    ] {
        for expression in
            ["30 2 * * *", "0 2 * * *", "45 1 * * *", "15 * * * *", "*/20 1-3 * * *", "0 0 * * *", "@daily", "10 2,3 * * *"]
        {
            let schedule = of(expression).in_zone(zone);
            let (from, until) = (at(from), at(from) + Days::new(2));
            let mut last = from;
            let mut now = from;
            let mut all = std::iter::successors(schedule.next(from), |tick| schedule.next(*tick));
            while now < until {
                now += TimeDelta::minutes(5);
                if let Some(tick) = schedule.due(last, now) {
                    assert_eq!(Some(tick), all.next(), "{expression} in {zone} at {now}");
                    last = tick;
                }
            }
            assert!(all.next().is_some_and(|tick| tick > until), "{expression} in {zone}");
        }
    }
}

#[test]
fn a_bad_expression_is_refused_at_once_with_its_field() {
    let refused = |expression: &str| Schedule::new("monthly", expression).unwrap_err().to_string();
    let said = [
        "",
        "0 6 1 *",
        "0 6 1 * * * *",
        "0 25 1 * *",
        "61 * * * *",
        "0 6 1 13 *",
        "* * * * MOM",
        "x 0 6 1 * *",
        "0 0 30 2 *",
        "@often",
    ]
    .map(refused);
    let expected = [
        "`` is no cron expression: it is empty",
        "`0 6 1 *` is no cron expression: it has 4 fields, not 5 or 6",
        "`0 6 1 * * * *` is no cron expression: it has 7 fields, not 5 or 6",
        "`0 25 1 * *` is no cron expression: the hour `25`: number out of bounds",
        "`61 * * * *` is no cron expression: the minute `61`: number out of bounds",
        "`0 6 1 13 *` is no cron expression: the month `13`: number out of bounds",
        "`* * * * MOM` is no cron expression: the day of the week `MOM`: it contains illegal character 'M' in part 'MOM'",
        "`x 0 6 1 * *` is no cron expression: the second `x`: it contains illegal character 'X' in part 'X'",
        "`0 0 30 2 *` never comes",
        "`@often` is no cron expression: it has 1 fields, not 5 or 6",
    ];
    assert_eq!(said, expected.map(|said| format!("the schedule monthly: {said}")));
    assert_eq!(Schedule::new("", "@daily").unwrap_err(), ScheduleError::Nameless);
}
