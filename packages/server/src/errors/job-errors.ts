import { createErrorFactory, type ErrorCatalog } from "@stargate/kernel";

/** Errors of asynchronous jobs. Codes are never reused. */
export const jobErrors = {
  SG_JOB_UNKNOWN: {
    title: "Unknown job",
    meaning: "There is no job with this id for this key, or it ended too long ago to be kept.",
    solution: "Use one of the ids GET /v1/jobs lists; ended jobs are kept for jobs.keepSeconds.",
    status: 404,
    retryable: false,
    public: true,
  },
  SG_JOB_QUEUE_FULL: {
    title: "Too many jobs are waiting",
    meaning: "As many jobs wait as may, of all tenants together or of this one.",
    solution: "Send the request again later, or ask the operator to raise the limit the message names.",
    status: 503,
    retryable: true,
    public: true,
  },
  SG_JOB_DISK_FULL: {
    title: "No room for the job's input",
    meaning: "The inputs of waiting jobs and the results of ended ones fill the disk space that jobs may use.",
    solution: "Wait until jobs have ended, cancel some, or ask the operator to raise jobs.maxDiskBytes.",
    status: 503,
    retryable: true,
    public: true,
  },
  SG_JOB_UNFINISHED: {
    title: "Job has no result yet",
    meaning: "The job waits or is being worked on.",
    solution: "Ask again after the pause the Retry-After header names, or have a webhook called when it has ended.",
    status: 409,
    retryable: true,
    public: true,
  },
  SG_JOB_CANCELLED: {
    title: "Job was cancelled",
    meaning: "Somebody cancelled the job before it had a result.",
    solution: "Send the request again if the result is wanted after all.",
    status: 409,
    retryable: false,
    public: true,
  },
  SG_JOB_RESULT_GONE: {
    title: "Result is not kept any more",
    meaning: "The result gave way to newer ones, as all results together may only take so much disk space.",
    solution: "Send the request again and fetch its result soon, or ask the operator to raise jobs.maxDiskBytes.",
    status: 410,
    retryable: false,
    public: true,
  },
  SG_JOB_RESULT_FORM: {
    title: "Result exists in one form only",
    meaning: "The answer was written when the job ended, and cannot be written in another form now.",
    solution: "Ask for the media type the message names, or send the request again with the Accept you want.",
    status: 406,
    retryable: false,
    public: true,
  },
  SG_JOB_RESULT_TOO_LARGE: {
    title: "Result too large",
    meaning: "The answer has more bytes than the result of a job may have.",
    solution: "Ask for a smaller encoding, or ask the operator to raise jobs.maxResultBytes.",
    status: 422,
    retryable: false,
    public: true,
  },
  SG_JOB_ABANDONED: {
    title: "Job given up",
    meaning: "The gateway ended every time while it worked on this job, so the job is not tried again.",
    solution: "Look in the gateway's log for why it ended, then send the request again.",
    status: 500,
    retryable: false,
    public: true,
  },
  SG_JOB_ELSEWHERE: {
    title: "Jobs belong to another process",
    meaning: "Another running gateway works on the jobs of this state directory.",
    solution: "Ask that gateway, or give each gateway a state.directory of its own.",
    status: 503,
    retryable: true,
    public: true,
  },
  SG_JOB_STORE: {
    title: "Jobs cannot be stored",
    meaning: "The database or the folder of jobs under state.directory cannot be opened, read or written.",
    solution: "Give the gateway's user access to state.directory; move jobs.sqlite away if it is damaged.",
    status: 500,
    retryable: false,
    public: false,
  },
  SG_JOB_WEBHOOK: {
    title: "Webhook not possible",
    meaning: "The operator has not set a secret for webhooks, or the address is none the gateway may call.",
    solution: "Ask the operator to set jobs.webhook.secret and to add the host to allow.hosts.",
    status: 422,
    retryable: false,
    public: true,
  },
} as const satisfies ErrorCatalog;

/** Makes an error of the jobs' catalogue. */
export const fail = createErrorFactory(jobErrors);
