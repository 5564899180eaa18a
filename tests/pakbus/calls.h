/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/logger-changes.h"
#include "protocol/pakbus/settings-session.h"

/* The calls of a logger, each awaited and asserted to succeed. */

/** Runs the main loop until *@result is there; dies when nothing happens for a minute. */
GAsyncResult      *calls_await          (GAsyncResult **result);
/** For a GAsyncReadyCallback: keeps the result for calls_await(). */
void               calls_result_cb      (GObject *source, GAsyncResult *result, gpointer data);

void               calls_open_logger    (OpLogger *logger);
OpIdentity        *calls_identify       (OpLogger *logger);
GPtrArray         *calls_read_tables    (OpLogger *logger);
OpTable           *calls_find_table     (GPtrArray *tables, const char *name);
OpClockReading    *calls_read_clock     (OpLogger *logger);
/** The newest @n records of the table of that name. */
OpBatch           *calls_collect_last   (OpLogger *logger, const char *name, guint32 n);
OpProgramState    *calls_read_program   (OpLogger *logger);
/** The file of that name among @files, those that the logger lists; or NULL. */
const OpDeviceFile *calls_list_file     (OpLogger *logger, const char *name, GPtrArray **files);
char              *calls_get_file       (OpLogger *logger, const char *name);
void               calls_put_file       (OpLogger *logger, const char *name, const char *text);
/** Asserts that there is no hold-off either. */
void               calls_control_file   (OpLogger *logger, const char *name, OpFileCommand command);
GBytes            *calls_get_values     (OpLogger *logger, const OpValueSpan *span);
/** Sets values and reads them again. */
void               calls_set_values     (OpLogger *logger, const OpValueSpan *span, const char *const *texts);
PakDeviceSettings *calls_read_settings  (OpLogger *logger, guint16 first, guint16 last);
void               calls_assert_setting (const PakDeviceSettings *settings, guint16 id, const char *expected);
/** Begins a session and sets @setting; the session is still to be ended. */
PakSettingsSession *calls_set_setting   (OpLogger *logger, const PakSetting *setting);
/** The records follow each other, @interval (ns) apart, at output times. */
void               calls_assert_consecutive (const OpBatch *batch, OpTime interval);
