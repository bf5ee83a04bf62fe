UPDATE {table} SET execution_time = $1 WHERE version = $2
