/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/store-db.h"

G_BEGIN_DECLS

/** OpStoreWorker: a thread with a queue and a connection that only it uses. Started by the first task. */
typedef struct _OpStoreWorker OpStoreWorker;

/** @writes: its tasks are transactions that change the file and, once begun, end by themselves. */
OpStoreWorker *op_store_worker_new   (const char *path, gboolean writes);
/**
 * Queues a call of @func with the data of @task, which is then completed with a boolean in its own context.
 * When its cancellable fires, a queued task ends at once, and a running one that only reads is interrupted.
 */
void           op_store_worker_push  (OpStoreWorker *worker, GTask *task, OpDbFunc func);
/** Lets the queue run empty and waits for the thread's end. Later tasks fail. */
void           op_store_worker_close (OpStoreWorker *worker);
/** As op_store_worker_close() without waiting, and gives up the caller's reference. */
void           op_store_worker_drop  (OpStoreWorker *worker);

G_END_DECLS
