import type { FlowTaskRef, JsonValue, OutputPreview, StoredOutput } from '@tasked/core';
import type { Database, Statement } from 'better-sqlite3';

interface Size {
  readonly key: number;
  /** JSON; null for an output that has a row of its own. */
  readonly short: string | null;
  readonly bytes: number;
}

/** Reads what tasks have put out. */
export class Outputs {
  readonly #size: Statement<[string, string], Size>;
  readonly #long: Statement<[number], string>;
  readonly #preview: Statement<[number, string, string], OutputPreview>;

  constructor(db: Database) {
    const from = `flow f
      cross join flow_task t indexed by flow_task_id on t.flow_key = f.key
      left join output o on o.task_key = t.key
      where f.id = +? and t.id = +? and coalesce(t.output, o.json) is not null`;
    const bytes = 'octet_length(coalesce(t.output, o.json)) as bytes';
    this.#size = db.prepare(`select t.key, t.output as short, ${bytes} from ${from}`);
    this.#long = db.prepare<[number], string>('select json from output where task_key = ?').pluck();
    this.#preview = db.prepare(
      `select substr(coalesce(t.output, o.json), 1, +?) as text, ${bytes} from ${from}`,
    );
  }

  /** `WorkStore.readOutputs`. */
  read(refs: readonly FlowTaskRef[], maxBytes: number): readonly StoredOutput[] {
    let total = 0;
    return refs.map(({ flowId, taskId }) => {
      const size = this.#size.get(flowId, taskId);
      if (size === undefined) return { kind: 'none' };
      total += size.bytes;
      if (total > maxBytes) return { kind: 'too_large', bytes: size.bytes };
      const json = size.short ?? (this.#long.get(size.key) as string);
      return { kind: 'output', value: JSON.parse(json) as JsonValue };
    });
  }

  /** `FlowStore.previewOutputs`. */
  preview(refs: readonly FlowTaskRef[], maxChars: number): readonly (OutputPreview | null)[] {
    return refs.map(({ flowId, taskId }) => this.#preview.get(maxChars, flowId, taskId) ?? null);
  }
}
