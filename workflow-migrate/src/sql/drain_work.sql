            PERFORM set_config('workflow.note', {note}, true);
            DELETE FROM {jobs} j WHERE j.id = ANY (workflow_batch) AND j.kind <> 'task'
                AND EXISTS (SELECT FROM {table} o WHERE o.{id} = j.id AND o.state = {from});
            -- The arrow exists only inside this transaction: nobody else ever sees it.
            INSERT INTO workflow.edges (workflow, from_state, event, to_state, mode)
                VALUES ({workflow}, {from}, 'migrate', {to}, 'migrate');
            UPDATE {table} o SET state = {to}, event = 'migrate', version = o.version + 1, entered_at = now(){sets}
                WHERE o.{id} = ANY (workflow_batch) AND o.state = {from};
            DELETE FROM workflow.edges e WHERE e.workflow = {workflow} AND e.from_state = {from} AND e.event = 'migrate';
