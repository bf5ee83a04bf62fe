CREATE TRIGGER {name.transition} AFTER INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {beside.transition}();
CREATE TRIGGER {name.removed} AFTER DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {beside.removed}();
CREATE TRIGGER {name.truncate} BEFORE TRUNCATE ON {table} EXECUTE FUNCTION workflow.refuse();

CREATE TRIGGER {name.history_written} BEFORE INSERT OR DELETE ON {history} FOR EACH ROW EXECUTE FUNCTION {beside.history_written}();
CREATE TRIGGER {name.history_update} BEFORE UPDATE ON {history} FOR EACH ROW EXECUTE FUNCTION workflow.refuse();
CREATE TRIGGER {name.history_truncate} BEFORE TRUNCATE ON {history} EXECUTE FUNCTION workflow.refuse();
