import type { FlowTaskRef, JsonValue, OutputPreview, StoredOutput } from '@tasked/core';
import type { Database, Statement } from 'better-sqlite3';

interface Size {
  readonly key: number;
  readonly bytes: number;
}

/** Reads what tasks have put out. */
export class Outputs {
  readonly #size: Statement<[string, string], Size>;
  readonly #json: Statement<[number], string>;
  readonly #preview: Statement<[number, string, string], OutputPreview>;

  constructor(db: Database) {
    const from = `flow f
      cross join flow_task t indexed by flow_task_id on t.flow_key = f.key
      cross join output o on o.task_key = t.key
      where f.id = +? and t.id = +?`;
    this.#size = db.prepare(`select o.task_key as key, octet_length(o.json) as bytes from ${from}`);
    this.#json = db.prepare<[number], string>('select json from output where task_key = ?').pluck();
    this.#preview = db.prepare(
      `select substr(o.json, 1, +?) as text, octet_length(o.json) as bytes from ${from}`,
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
      return { kind: 'output', value: JSON.parse(this.#json.get(size.key) as string) as JsonValue };
    });
  }

  /** `FlowStore.previewOutputs`. */
  preview(refs: readonly FlowTaskRef[], maxChars: number): readonly (OutputPreview | null)[] {
    return refs.map(({ flowId, taskId }) => this.#preview.get(maxChars, flowId, taskId) ?? null);
  }
}
