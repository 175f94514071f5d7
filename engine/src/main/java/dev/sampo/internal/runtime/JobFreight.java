package dev.sampo.internal.runtime;

import dev.sampo.internal.client.JobPackager;
import dev.sampo.internal.model.JobId;

/** How what jobs are made of gets to the nodes that run them. Safe for many threads. */
interface JobFreight {
    /** Returns whether classes and files of jobs have to travel: the nodes are elsewhere. */
    boolean travels();

    /** Takes a job before it is submitted. */
    void take(JobId job, JobPackager packed);

    /** Lets go of a job that is over for its submitter. */
    void drop(JobId job);
}
