/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "conversation.h"

G_BEGIN_DECLS

/* 2026-02-19 00:00:00, a time of day that every table here keeps to. */
#define BASE_S 1140307200

/* A conversation whose steps are noted, and a table that is collected from. */
typedef struct
{
  Conversation base;
  GString     *steps; /* "connect+ connect! …": + running, ! done, x failed */
  OpTable     *table;
  GString     *records; /* "first*count@seconds since BASE_S " of what was collected */
  guint64      done;
  guint64      expected;
  gboolean     refuses;
} Fixture;

void set_up        (Fixture *f, gconstpointer data);
void set_up_closed (Fixture *f, gconstpointer data);
void tear_down     (Fixture *f, gconstpointer data);

/* What an asynchronous call came to; on_…_cb() fill it in. */
typedef struct
{
  gboolean        done;
  gboolean        succeeded;
  OpIdentity     *identity;
  OpClockReading *clock;
  OpTableState   *state;
  GPtrArray      *tables;
  GError         *error;
} Outcome;

void clear_outcome (Outcome *outcome);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, clear_outcome)

void on_opened_cb      (GObject *source, GAsyncResult *result, gpointer data);
void on_identified_cb  (GObject *source, GAsyncResult *result, gpointer data);
void on_clock_read_cb  (GObject *source, GAsyncResult *result, gpointer data);
void on_tables_read_cb (GObject *source, GAsyncResult *result, gpointer data);
void on_state_read_cb  (GObject *source, GAsyncResult *result, gpointer data);
void on_collected_cb   (GObject *source, GAsyncResult *result, gpointer data);

/* A table of one UInt2; a record's value is its number's low half. */
OpTable *new_table (guint32 size, OpTime interval);

/* A Collect Data Command of @mode with P1 and P2 as hex. */
void expect_collect   (Fixture *f, guint mode, const char *parameters);
/* Records of the table in use, @seconds after BASE_S. */
void send_records     (Fixture *f, guint32 first, guint count, guint32 seconds);
/* The newest record, which is asked for first. */
void send_newest      (Fixture *f, guint32 newest, guint32 seconds);
void append_uint4     (GString *hex, guint32 value);
void append_stamp     (GString *hex, guint32 seconds);

extern const OpCollectRange all;
void collect          (Fixture *f, const OpCollectRange *range, GCancellable *cancellable, Outcome *outcome);
void assert_collected (Fixture *f, Outcome *outcome, const char *records);

G_END_DECLS
