/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/logger.h"
#include "protocol/logger-changes.h"

/** A logger of one table, Public: a float, a read-only one, an array of 4 UInt2 and a Bool. */
#define VALUE_TYPE_LOGGER (value_logger_get_type ())
G_DECLARE_FINAL_TYPE (ValueLogger, value_logger, VALUE, LOGGER, OpLogger)

struct _ValueLogger
{
  OpLogger    parent_instance;
  OpTable    *table;
  guint8      values[32];   /* of the record */
  guint32     record;       /* counts up with each reading unless @is_still */
  gboolean    is_still;
  gboolean    is_empty;
  guint       delay_ms;     /* of an answer */
  guint       n_reads;
  guint       n_opened;
  guint       n_running;
  guint       max_running;
  guint       n_sets;
  gint        fail_reads;   /* how many of the next readings fail with @fail_code; -1: all */
  OpLoggerError fail_code;
  gint        fail_opens;
  OpLoggerError open_code;
  /* A letter a set: d done, n not done, u and U uncertain (U: done), x refused, m measured anew at once, r reboots. */
  const char *script;
};
