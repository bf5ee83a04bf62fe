            PERFORM set_config('workflow.note', {note}, true);
            -- The arrow exists only inside this transaction: nobody else ever sees it.
            INSERT INTO workflow.edges (workflow, from_state, event, to_state, mode)
                VALUES ({workflow}, {from}, 'migrate', {to}, 'migrate');
            UPDATE {table} o SET state = {to}, event = 'migrate', version = o.version + 1
                WHERE o.{id} = ANY (workflow_batch) AND o.state = {from};
            DELETE FROM workflow.edges e WHERE e.workflow = {workflow} AND e.from_state = {from} AND e.event = 'migrate';
            -- It is the same state: what runs there goes on, and does not start again.
            DELETE FROM {jobs} j USING {table} o WHERE o.{id} = ANY (workflow_batch) AND o.event = 'migrate'
                AND j.id = o.{id} AND j.version = o.version AND j.kind <> 'task';
