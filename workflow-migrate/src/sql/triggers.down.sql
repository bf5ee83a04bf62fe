DROP TRIGGER {name.truncate} ON {table};
DROP TRIGGER {name.removed} ON {table};
DROP TRIGGER {name.transition} ON {table};
DROP TRIGGER {name.history_written} ON {history};
