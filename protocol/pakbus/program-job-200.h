/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/logger-changes.h"
#include "protocol/pakbus/pak-logger.h"

G_BEGIN_DECLS

/**
 * PakProgramJob200: sends a compiled program to a CR200 and runs it, in the order that this series needs (manual
 * 3.7.2): stop and delete, send, run, see what became of it. All data in the logger are erased.
 *
 * Properties (read, notify): "fraction" double, 0 to 1; "message" string, what is being done, for people.
 */
#define PAK_TYPE_PROGRAM_JOB_200 (pak_program_job_200_get_type ())
G_DECLARE_FINAL_TYPE (PakProgramJob200, pak_program_job_200, PAK, PROGRAM_JOB_200, GObject)

/** @logger: open and identified. @name: "CPU:weather.bin". */
PakProgramJob200 *pak_program_job_200_new        (PakLogger *logger, const char *name, GBytes *program);
/**
 * Once only. Fails with OP_LOGGER_ERROR; _REFUSED with the logger's words when it holds the program but does not run
 * it. After a failure or cancelling, the logger may be without a program: run another job.
 */
void              pak_program_job_200_run_async  (PakProgramJob200 *self, GCancellable *cancellable,
                                                  GAsyncReadyCallback callback, gpointer data);
OpProgramState   *pak_program_job_200_run_finish (PakProgramJob200 *self, GAsyncResult *result, GError **error);
double            pak_program_job_200_get_fraction (PakProgramJob200 *self);
const char       *pak_program_job_200_get_message  (PakProgramJob200 *self);

G_END_DECLS
