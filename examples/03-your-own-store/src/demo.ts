import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeOwner, Tasks } from '@tasked/core';
import { PlainFileTaskStore } from './plain-file-task-store.ts';

const directory = await mkdtemp(join(tmpdir(), 'tasked-plain-'));
const owner = encodeOwner({ principal: 'ann' });

const tasks = new Tasks(new PlainFileTaskStore(directory));
const { id } = await tasks.create(owner, { method: 'tools/call', toolName: 'paint' });
await tasks.requireInput(owner, id, { colour: { method: 'elicitation/create' } });

// Another process would see the same.
const others = new Tasks(new PlainFileTaskStore(directory));
await others.answerInput(owner, id, { colour: 'blue' });
await others.complete(owner, id, { content: [{ type: 'text', text: 'painted blue' }] });

const { status, outcome } = await tasks.get(owner, id);
console.log(status, JSON.stringify(outcome));
await rm(directory, { recursive: true });
