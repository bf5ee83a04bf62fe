DROP FUNCTION {beside.force}({id_type}, text, jsonb, text);
DROP FUNCTION {beside.recorded}(jsonb);
DROP FUNCTION {beside.void}({id_type}, uuid);
DROP FUNCTION {beside.done}({id_type}, uuid);
DROP FUNCTION {beside.history_written}();
DROP FUNCTION {beside.removed}();
DROP FUNCTION {beside.transition}();
