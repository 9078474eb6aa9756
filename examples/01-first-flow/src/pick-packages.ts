import { Flows, Runner } from '@tasked/dag-engine';
import { shellExecutor } from '@tasked/executors';
import { MemoryLogStore, MemoryStore } from '@tasked/store-memory';

const store = new MemoryStore();
const executors = [shellExecutor()];
const flows = new Flows({ store, executors });
const runner = new Runner({ store, executors, logs: new MemoryLogStore() });
await runner.start();
const hello = { id: 'hello', executor: 'shell', config: { command: 'echo hi' } };
const { flow } = await flows.submit({ tasks: [hello] }, '');
await flows.wait(flow.id, '', { timeoutMs: 10_000 });
console.log(await flows.readOutput(flow.id, 'hello', ''));
await runner.stop({ graceMs: 0 });
