import type { Task, TaskStore } from '@tasked/core';
import { notWritten } from './not-written.ts';

/** Keeps tasks in Acme. */
export class AcmeTaskStore implements TaskStore {
  async createTask(): Promise<'created' | 'exists' | 'full'> {
    return notWritten('AcmeTaskStore.createTask');
  }

  async getTask(): Promise<Task | null> {
    return notWritten('AcmeTaskStore.getTask');
  }

  async updateTask(): Promise<boolean> {
    return notWritten('AcmeTaskStore.updateTask');
  }

  async deleteTask(): Promise<void> {
    notWritten('AcmeTaskStore.deleteTask');
  }

  async listTasks(): Promise<readonly Task[]> {
    return notWritten('AcmeTaskStore.listTasks');
  }

  async deleteExpiredTasks(): Promise<number> {
    return notWritten('AcmeTaskStore.deleteExpiredTasks');
  }
}
