/** What happens while a plan is carried out. The words stand in the model, where the report room may read them. */
export type {
  StartedEvent,
  WaitingFor,
  WaitingEvent,
  RetryingEvent,
  NoticeEvent,
  SucceededEvent,
  FailedEvent,
  UnknownEvent,
  SkipReason,
  SkippedEvent,
  CountsEvent,
  ExecuteEvent,
} from "../model/execute-event.ts";
