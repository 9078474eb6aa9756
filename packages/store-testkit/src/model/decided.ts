import type { Command, FlowShape, Sequence } from './sequence.ts';

/** The same sequence with nothing left to a store's choice: no two tasks are equal, nobody takes a part. */
export function decided(sequence: Sequence): Sequence {
  let count = 0;
  const unlike = (flow: FlowShape): FlowShape => ({
    ...flow,
    tasks: flow.tasks.map((task) => ({ ...task, priority: task.priority * 1_000 + count++ })),
  });
  const commands = sequence.commands.map((command): Command => {
    if (command.do === 'submit') return { ...command, flow: unlike(command.flow) };
    return command.do === 'take-over' ? { ...command, limit: 1_000 } : command;
  });
  return { ...sequence, commands };
}
