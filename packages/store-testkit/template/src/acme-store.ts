import type {
  AnsweredInputs,
  Attempt,
  CreateFlowResult,
  Flow,
  FlowChanges,
  FlowTask,
  FlowTaskId,
  OutputPreview,
  OutstandingInput,
  PrunedFlows,
  Queue,
  Runner,
  RunnerId,
  Store,
  StoredOutput,
  TakenAttempt,
  TickResult,
} from '@tasked/core';
import { AcmeTaskStore } from './acme-task-store.ts';
import { notWritten } from './not-written.ts';

/** Keeps flows, work and queues in Acme, and tasks beside them. */
export class AcmeStore extends AcmeTaskStore implements Store {
  async createFlow(): Promise<CreateFlowResult> {
    return notWritten('AcmeStore.createFlow');
  }

  async getFlow(): Promise<Flow | null> {
    return notWritten('AcmeStore.getFlow');
  }

  async listFlows(): Promise<readonly Flow[]> {
    return notWritten('AcmeStore.listFlows');
  }

  async getFlowTask(): Promise<FlowTask | null> {
    return notWritten('AcmeStore.getFlowTask');
  }

  async listFlowTasks(): Promise<readonly FlowTask[]> {
    return notWritten('AcmeStore.listFlowTasks');
  }

  async listAttempts(): Promise<readonly Attempt[]> {
    return notWritten('AcmeStore.listAttempts');
  }

  async changesSince(): Promise<FlowChanges | null> {
    return notWritten('AcmeStore.changesSince');
  }

  async cancelFlow(): Promise<{ readonly cancelled: boolean; readonly flow: Flow } | null> {
    return notWritten('AcmeStore.cancelFlow');
  }

  async addHold(): Promise<readonly FlowTaskId[]> {
    return notWritten('AcmeStore.addHold');
  }

  async removeHold(): Promise<readonly FlowTaskId[]> {
    return notWritten('AcmeStore.removeHold');
  }

  async listInputs(): Promise<readonly OutstandingInput[]> {
    return notWritten('AcmeStore.listInputs');
  }

  async answerInputs(): Promise<AnsweredInputs | null> {
    return notWritten('AcmeStore.answerInputs');
  }

  async previewOutputs(): Promise<readonly (OutputPreview | null)[]> {
    return notWritten('AcmeStore.previewOutputs');
  }

  async pruneFlows(): Promise<PrunedFlows> {
    return notWritten('AcmeStore.pruneFlows');
  }

  async ensureQueue(): Promise<Queue> {
    return notWritten('AcmeStore.ensureQueue');
  }

  async getQueue(): Promise<Queue | null> {
    return notWritten('AcmeStore.getQueue');
  }

  async setQueuePaused(): Promise<Queue | null> {
    return notWritten('AcmeStore.setQueuePaused');
  }

  async registerRunner(): Promise<void> {
    notWritten('AcmeStore.registerRunner');
  }

  async unregisterRunner(): Promise<void> {
    notWritten('AcmeStore.unregisterRunner');
  }

  async listRunners(): Promise<readonly Runner[]> {
    return notWritten('AcmeStore.listRunners');
  }

  async lostRunners(): Promise<readonly RunnerId[]> {
    return notWritten('AcmeStore.lostRunners');
  }

  async advance(): Promise<TickResult> {
    return notWritten('AcmeStore.advance');
  }

  async readOutputs(): Promise<readonly StoredOutput[]> {
    return notWritten('AcmeStore.readOutputs');
  }

  async report(): Promise<boolean> {
    return notWritten('AcmeStore.report');
  }

  async takeOver(): Promise<readonly TakenAttempt[]> {
    return notWritten('AcmeStore.takeOver');
  }

  subscribe(): () => void {
    return notWritten('AcmeStore.subscribe');
  }

  async close(): Promise<void> {}
}
