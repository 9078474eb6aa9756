export { type TasksCheck, tasksSuite } from '../tasks/model/tasks-suite.ts';
export { checkAgreement, checkModel, type ModelCheck, type OpenStore } from './check-model.ts';
export { agreementSuite, modelSuite } from './model-suite.ts';
export { ReferenceModel } from './reference-model.ts';
