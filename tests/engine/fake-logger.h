/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/logger.h"

/** A logger whose memory a test sets as it likes. Its records are those of the fixture's make_chunk_full(). */
#define FAKE_TYPE_LOGGER (fake_logger_get_type ())
G_DECLARE_FINAL_TYPE (FakeLogger, fake_logger, FAKE, LOGGER, OpLogger)

struct _FakeLogger
{
  OpLogger  parent_instance;
  OpTable  *table;
  guint32   oldest, end;   /* what the ring memory holds: @oldest up to, without, @end */
  OpTime    offset;        /* of all times: another one makes other records of the same numbers */
  guint32   packet;        /* records a chunk */
  guint32   jump_at;       /* while collecting, what lies between this record */
  guint32   jump_to;       /* and this one gets overwritten; equal: nothing does */
  guint32   hang_at;       /* nothing comes from this record on until it is cancelled; 0: never */
  GError   *fail_at_once;  /* the next collection fails so, after one chunk */
  GError   *fail_open;
  OpTable  *next_table;    /* what the definitions say when they are read anew */
  guint     n_collections;
  OpCollectRange last_range;
};

FakeLogger *fake_logger_new (OpTable *table);
