/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/store.h"

/* A store in a temporary folder, tables whose records follow from their numbers, and calls that wait. */

typedef struct
{
  char    *folder;
  char    *path;
  OpStore *store;
  gint64   station;
} Fixture;
void           fixture_set_up    (Fixture *fixture, gconstpointer data);
void           fixture_tear_down (Fixture *fixture, gconstpointer data);
/** Closes the store and opens it anew. */
void           fixture_reopen    (Fixture *fixture);

/** For a GAsyncReadyCallback: keeps the result for await(). */
void           keep_result_cb    (GObject *source, GAsyncResult *result, gpointer data);
/** Runs the main loop until *@result is there; dies after 30 s. */
GAsyncResult  *await             (GAsyncResult **result);

/** @n_columns numbers of @type; @interval 0: an event table. */
OpTable       *make_table        (const char *name, OpTime interval, guint n_columns, OpType type);
/** What record @record of @table says in @column, exactly storable in an FP2. */
double         make_number       (guint32 record, guint column);
OpTime         make_time         (const OpTable *table, guint32 record);
OpChunk       *make_chunk        (const OpTable *table, guint32 first, guint32 count);
/** As make_chunk(), with @offset added to the times and the numbers of column 0 negated when @negate. */
OpChunk       *make_chunk_full   (const OpTable *table, guint32 first, guint32 count, OpTime offset, gboolean negate);

OpIncarnation *begin             (Fixture *fixture, OpTable *table, gboolean fresh);
/** The newest state of @incarnation. */
OpIncarnation *look_up           (Fixture *fixture, OpIncarnation *incarnation);
/** Appends one chunk (taken over), moving the cursor behind it. */
gboolean       append_chunk      (Fixture *fixture, gint64 incarnation, OpChunk *chunk, guint64 *n_new, GError **error);
/** Appends records in packets of @packet. */
void           append_records    (Fixture *fixture, OpIncarnation *incarnation, guint32 first, guint32 count, guint packet);
/** Fails the test unless exactly the records @first to @first + @count are held among those asked for, unaltered. */
void           assert_records    (Fixture *fixture, OpIncarnation *incarnation, guint32 first, guint32 count);
