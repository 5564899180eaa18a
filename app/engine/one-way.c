/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/one-way.h"

/* Records that wait for the store; more are left to the next collection. */
#define MAX_WAITING 1024

/* Records on their way to the store. */
typedef struct
{
  gint64   station;
  OpTable *table;
  OpChunk *chunk;
} Arrival;

struct _OpOneWayStore
{
  GObject  parent_instance;
  OpStore *store;
  GQueue   arrivals; /* Arrival; what is done with the first one is under way */
};

enum
{
  SIGNAL_STORED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (OpOneWayStore, op_one_way_store, G_TYPE_OBJECT)

static void
free_arrival (Arrival *arrival)
{
  op_table_unref (arrival->table);
  g_clear_pointer (&arrival->chunk, op_chunk_free);
  g_free (arrival);
}

static void
op_one_way_store_finalize (GObject *object)
{
  OpOneWayStore *self = OP_ONE_WAY_STORE (object);
  g_queue_clear_full (&self->arrivals, (GDestroyNotify) free_arrival);
  g_object_unref (self->store);
  G_OBJECT_CLASS (op_one_way_store_parent_class)->finalize (object);
}

static void
op_one_way_store_class_init (OpOneWayStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = op_one_way_store_finalize;
  signals[SIGNAL_STORED] = g_signal_new ("stored", OP_TYPE_ONE_WAY_STORE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 0);
}

static void
op_one_way_store_init (OpOneWayStore *self)
{
  g_queue_init (&self->arrivals);
}

OpOneWayStore *
op_one_way_store_new (OpStore *store)
{
  g_return_val_if_fail (OP_IS_STORE (store), NULL);
  OpOneWayStore *self = g_object_new (OP_TYPE_ONE_WAY_STORE, NULL);
  self->store = g_object_ref (store);
  return self;
}

/* Whether @chunk can be of the generation. After a reset, numbers come again with later times. */
static gboolean
fits (const OpIncarnation *incarnation, const OpChunk *chunk)
{
  if (incarnation->runs->len == 0)
    return TRUE;
  OpRecordRun run = g_array_index (incarnation->runs, OpRecordRun, incarnation->runs->len - 1);
  gint32 ahead = (gint32) (chunk->first - (run.first + run.count));
  if (!op_table_is_event (incarnation->table))
    {
      guint64 distance = (guint64) ((gint64) ahead + 1) * (guint64) incarnation->table->interval;
      return (guint64) chunk->first_time == (guint64) incarnation->last_time + distance;
    }
  return (ahead >= 0) == (chunk->first_time > incarnation->last_time);
}

/* The cursor passes only what lies against it: records before others are still to be collected. */
static gboolean
moves_cursor (const OpIncarnation *incarnation, const OpChunk *chunk)
{
  guint32 end = chunk->first + chunk->count;
  return incarnation->has_cursor && (gint32) (chunk->first - incarnation->next_record) <= 0
         && (gint32) (end - incarnation->next_record) > 0;
}

static void begin_next (OpOneWayStore *self);

static void
finish_first (OpOneWayStore *self)
{
  free_arrival (g_queue_pop_head (&self->arrivals));
  begin_next (self);
}

static void
on_appended_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (OpOneWayStore) self = data;
  g_autoptr (GError) error = NULL;
  guint64 n_new = 0;
  if (!op_store_append_finish (OP_STORE (source), result, &n_new, &error))
    g_debug ("Records that came unasked were not stored: %s", error->message);
  if (n_new > 0)
    g_signal_emit (self, signals[SIGNAL_STORED], 0);
  finish_first (self);
}

static void
append (OpOneWayStore *self, const OpIncarnation *incarnation, Arrival *arrival)
{
  const OpChunk *chunk = arrival->chunk;
  gboolean moves = moves_cursor (incarnation, chunk);
  guint32 end = chunk->first + chunk->count;
  GPtrArray *chunks = g_ptr_array_new_with_free_func ((GDestroyNotify) op_chunk_free);
  g_ptr_array_add (chunks, g_steal_pointer (&arrival->chunk));
  op_store_append_async (self->store, incarnation->id, chunks, NULL, moves, end, NULL, on_appended_cb,
                         g_object_ref (self));
}

static void
on_begun_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (OpOneWayStore) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (OpIncarnation) incarnation = op_store_begin_incarnation_finish (OP_STORE (source), result, &error);
  Arrival *arrival = g_queue_peek_head (&self->arrivals);
  if (incarnation != NULL && fits (incarnation, arrival->chunk))
    {
      append (self, incarnation, arrival);
      return;
    }
  if (error != NULL)
    g_debug ("Records that came unasked were not stored: %s", error->message);
  finish_first (self);
}

static void
begin_next (OpOneWayStore *self)
{
  const Arrival *arrival = g_queue_peek_head (&self->arrivals);
  if (arrival != NULL)
    op_store_begin_incarnation_async (self->store, arrival->station, arrival->table, FALSE, NULL, on_begun_cb,
                                      g_object_ref (self));
}

/* A table of one record is no history, and one without name cannot be chosen. */
static gboolean
is_collected (const OpStationRecord *station, const OpTable *table)
{
  if (table->size == 1 || table->name[0] == '\0')
    return FALSE;
  if (station->tables == NULL)
    return op_table_keeps_records (table);
  for (guint i = 0; station->tables[i] != NULL; i++)
    if (g_ascii_strcasecmp (station->tables[i], table->name) == 0)
      return TRUE;
  return FALSE;
}

void
op_one_way_store_take (OpOneWayStore *self, const OpStationRecord *station, OpTable *table, const OpChunk *chunk)
{
  g_return_if_fail (OP_IS_ONE_WAY_STORE (self));
  if (station->id == 0 || !is_collected (station, table) || self->arrivals.length >= MAX_WAITING)
    return;
  Arrival *arrival = g_new0 (Arrival, 1);
  arrival->station = station->id;
  arrival->table = op_table_ref (table);
  arrival->chunk = g_memdup2 (chunk, sizeof *chunk);
  g_bytes_ref (chunk->payload);
  g_queue_push_tail (&self->arrivals, arrival);
  if (self->arrivals.length == 1)
    begin_next (self);
}
