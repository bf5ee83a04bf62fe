UPDATE {table} SET success = TRUE, installed_on = now(), execution_time = -1 WHERE version = $1
