/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/record-model.h"

#include <math.h>

/* A block is read at once: some 200 records, fewer of wide tables. */
#define OP_BLOCK_VALUES  40000
#define OP_BLOCK_RECORDS 200
#define OP_BLOCKS_KEPT   32

struct _OpRecordRow
{
  GObject        parent_instance;

  OpRecordModel *model; /* not owned; NULL when the model is gone */
  guint          place;
  guint32        record;
  OpBatch       *batch; /* NULL until loaded */
  gsize          row;   /* within the batch */
};

struct _OpRecordModel
{
  GObject        parent_instance;

  OpTableSource *source;
  guint          n_items;
  GArray        *run_ends;    /* guint64: places before which each run of the incarnation ends */
  OpIncarnation *incarnation; /* the snapshot that run_ends and n_items are of; NULL for a data file */
  guint          block_size;
  GHashTable    *rows;        /* (place → OpRecordRow): the rows that someone holds; no references */
  GHashTable    *blocks;      /* (first place → OpBatch) */
  GQueue         recent;      /* first places of blocks, the most recently used first */
  GHashTable    *reading;     /* (first place): blocks asked for */
  GCancellable  *cancellable;
};

typedef struct
{
  OpRecordModel *model;
  guint          first; /* place */
  guint          count;
} BlockRequest;

static void op_record_model_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE (OpRecordRow, op_record_row, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE_WITH_CODE (OpRecordModel, op_record_model, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, op_record_model_iface_init))

enum
{
  PROP_0,
  PROP_LOADED,
  N_PROPS
};
static GParamSpec *row_properties[N_PROPS];

static void
op_record_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_LOADED:
      g_value_set_boolean (value, op_record_row_get_loaded (OP_RECORD_ROW (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
op_record_row_finalize (GObject *object)
{
  OpRecordRow *self = OP_RECORD_ROW (object);

  if (self->model != NULL)
    g_hash_table_remove (self->model->rows, GUINT_TO_POINTER (self->place));
  g_clear_pointer (&self->batch, op_batch_unref);
  G_OBJECT_CLASS (op_record_row_parent_class)->finalize (object);
}

static void
op_record_row_class_init (OpRecordRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = op_record_row_get_property;
  object_class->finalize = op_record_row_finalize;

  row_properties[PROP_LOADED]
    = g_param_spec_boolean ("loaded", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, row_properties);
}

static void
op_record_row_init (OpRecordRow *self)
{
}

static void
fill_row (OpRecordRow *row, OpBatch *batch, gsize place_in_batch)
{
  if (place_in_batch >= op_batch_get_n_records (batch))
    return;
  row->batch = op_batch_ref (batch);
  row->row = place_in_batch;
  row->record = op_batch_get_records (batch)[place_in_batch];
  g_object_notify_by_pspec (G_OBJECT (row), row_properties[PROP_LOADED]);
}

/* The index of the run that @place lies in. */
static guint
find_run (OpRecordModel *self, guint64 place)
{
  guint low = 0;
  guint high = self->run_ends->len;

  while (low + 1 < high)
    {
      guint middle = (low + high) / 2;

      if (g_array_index (self->run_ends, guint64, middle - 1) <= place)
        low = middle;
      else
        high = middle;
    }
  return low;
}

/* Blocks stay within one run, so that each is one stretch of record numbers. */
static void
find_block (OpRecordModel *self, guint place, guint *first, guint *count)
{
  guint run = find_run (self, place);
  guint64 run_start = run == 0 ? 0 : g_array_index (self->run_ends, guint64, run - 1);
  guint64 run_end = g_array_index (self->run_ends, guint64, run);
  guint64 page = place - place % self->block_size;

  *first = MAX (page, run_start);
  *count = MIN (page + self->block_size, run_end) - *first;
}

static guint32
get_record_of_place (OpRecordModel *self, guint place)
{
  guint run = find_run (self, place);
  guint64 run_start = run == 0 ? 0 : g_array_index (self->run_ends, guint64, run - 1);

  return g_array_index (self->incarnation->runs, OpRecordRun, run).first + (guint32) (place - run_start);
}

static void
keep_block (OpRecordModel *self, guint first, OpBatch *batch)
{
  g_queue_remove (&self->recent, GUINT_TO_POINTER (first));
  g_queue_push_head (&self->recent, GUINT_TO_POINTER (first));
  g_hash_table_insert (self->blocks, GUINT_TO_POINTER (first), op_batch_ref (batch));
  if (g_queue_get_length (&self->recent) > OP_BLOCKS_KEPT)
    g_hash_table_remove (self->blocks, g_queue_pop_tail (&self->recent));
}

static void
fill_rows (OpRecordModel *self, guint first, guint count, OpBatch *batch)
{
  for (guint i = 0; i < count; i++)
    {
      OpRecordRow *row = g_hash_table_lookup (self->rows, GUINT_TO_POINTER (first + i));

      if (row != NULL && row->batch == NULL)
        fill_row (row, batch, i);
    }
}

static void
on_block_read_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autofree BlockRequest *request = data;
  g_autoptr (OpRecordModel) self = request->model;
  g_autoptr (GError) error = NULL;
  g_autoptr (OpBatch) batch = op_store_read_finish (OP_STORE (object), result, &error);

  if (batch == NULL)
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
      g_hash_table_remove (self->reading, GUINT_TO_POINTER (request->first));
      g_warning ("Records from place %u on cannot be shown: %s", request->first, error->message);
      return;
    }
  g_hash_table_remove (self->reading, GUINT_TO_POINTER (request->first));
  keep_block (self, request->first, batch);
  fill_rows (self, request->first, request->count, batch);
}

static void
read_block (OpRecordModel *self, guint first, guint count)
{
  BlockRequest *request;

  if (!g_hash_table_add (self->reading, GUINT_TO_POINTER (first)))
    return;
  request = g_new (BlockRequest, 1);
  *request = (BlockRequest) { g_object_ref (self), first, count };
  op_store_read_async (op_table_source_get_store (self->source), self->incarnation, get_record_of_place (self, first),
                       count, NULL, 0, self->cancellable, on_block_read_cb, request);
}

static void
load_row (OpRecordModel *self, OpRecordRow *row)
{
  OpBatch *batch = op_table_source_get_batch (self->source);
  guint first, count;

  if (batch != NULL)
    {
      fill_row (row, batch, row->place);
      return;
    }
  find_block (self, row->place, &first, &count);
  row->record = get_record_of_place (self, row->place);
  batch = g_hash_table_lookup (self->blocks, GUINT_TO_POINTER (first));
  if (batch != NULL && row->place - first < op_batch_get_n_records (batch))
    {
      fill_row (row, batch, row->place - first);
      g_queue_remove (&self->recent, GUINT_TO_POINTER (first));
      g_queue_push_head (&self->recent, GUINT_TO_POINTER (first));
    }
  else
    read_block (self, first, count);
}

static GType
op_record_model_get_item_type (GListModel *model)
{
  return OP_TYPE_RECORD_ROW;
}

static guint
op_record_model_get_n_items (GListModel *model)
{
  return OP_RECORD_MODEL (model)->n_items;
}

static gpointer
op_record_model_get_item (GListModel *model, guint position)
{
  OpRecordModel *self = OP_RECORD_MODEL (model);
  OpRecordRow *row;

  if (position >= self->n_items)
    return NULL;
  row = g_hash_table_lookup (self->rows, GUINT_TO_POINTER (position));
  if (row != NULL)
    return g_object_ref (row);

  row = g_object_new (OP_TYPE_RECORD_ROW, NULL);
  row->model = self;
  row->place = position;
  g_hash_table_insert (self->rows, GUINT_TO_POINTER (position), row);
  load_row (self, row);
  return row;
}

static void
op_record_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = op_record_model_get_item_type;
  iface->get_n_items = op_record_model_get_n_items;
  iface->get_item = op_record_model_get_item;
}

static void
forget_rows (OpRecordModel *self)
{
  GHashTableIter iter;
  OpRecordRow *row;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &row))
    row->model = NULL;
  g_hash_table_remove_all (self->rows);
}

static void
forget_blocks (OpRecordModel *self)
{
  g_cancellable_cancel (self->cancellable);
  g_set_object (&self->cancellable, NULL);
  self->cancellable = g_cancellable_new ();
  g_hash_table_remove_all (self->blocks);
  g_hash_table_remove_all (self->reading);
  g_queue_clear (&self->recent);
}

static void
op_record_model_dispose (GObject *object)
{
  OpRecordModel *self = OP_RECORD_MODEL (object);

  g_cancellable_cancel (self->cancellable);
  forget_rows (self);
  G_OBJECT_CLASS (op_record_model_parent_class)->dispose (object);
}

static void
op_record_model_finalize (GObject *object)
{
  OpRecordModel *self = OP_RECORD_MODEL (object);

  g_clear_object (&self->source);
  g_clear_pointer (&self->incarnation, op_incarnation_unref);
  g_array_unref (self->run_ends);
  g_hash_table_unref (self->rows);
  g_hash_table_unref (self->blocks);
  g_hash_table_unref (self->reading);
  g_queue_clear (&self->recent);
  g_object_unref (self->cancellable);
  G_OBJECT_CLASS (op_record_model_parent_class)->finalize (object);
}

static void
op_record_model_class_init (OpRecordModelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = op_record_model_dispose;
  object_class->finalize = op_record_model_finalize;
}

static void
op_record_model_init (OpRecordModel *self)
{
  self->run_ends = g_array_new (FALSE, FALSE, sizeof (guint64));
  self->rows = g_hash_table_new (NULL, NULL);
  self->blocks = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) op_batch_unref);
  self->reading = g_hash_table_new (NULL, NULL);
  g_queue_init (&self->recent);
  self->cancellable = g_cancellable_new ();
}

/* Whether @now continues @then, so that every place still means the same record. */
static gboolean
is_continued (const OpIncarnation *then, const OpIncarnation *now)
{
  if (now->runs->len < then->runs->len)
    return FALSE;
  for (guint i = 0; i < then->runs->len; i++)
    {
      const OpRecordRun *a = &g_array_index (then->runs, OpRecordRun, i);
      const OpRecordRun *b = &g_array_index (now->runs, OpRecordRun, i);
      gboolean last = i + 1 == then->runs->len;

      if (a->first != b->first || (last ? a->count > b->count : a->count != b->count))
        return FALSE;
    }
  return TRUE;
}

static void
take_snapshot (OpRecordModel *self)
{
  OpIncarnation *incarnation = op_table_source_get_incarnation (self->source);
  guint64 end = 0;

  op_incarnation_ref (incarnation);
  g_clear_pointer (&self->incarnation, op_incarnation_unref);
  self->incarnation = incarnation;
  g_array_set_size (self->run_ends, 0);
  for (guint i = 0; i < incarnation->runs->len; i++)
    {
      end += g_array_index (incarnation->runs, OpRecordRun, i).count;
      g_array_append_val (self->run_ends, end);
    }
  self->n_items = MIN (end, G_MAXUINT - 1);
}

OpRecordModel *
op_record_model_new (OpTableSource *source)
{
  OpRecordModel *self = g_object_new (OP_TYPE_RECORD_MODEL, NULL);
  OpBatch *batch = op_table_source_get_batch (source);
  guint n_columns = MAX (op_table_source_get_table (source)->n_columns, 1);

  self->source = g_object_ref (source);
  self->block_size = CLAMP (OP_BLOCK_VALUES / n_columns, 16, OP_BLOCK_RECORDS);
  if (batch != NULL)
    self->n_items = MIN (op_batch_get_n_records (batch), G_MAXUINT - 1);
  else
    take_snapshot (self);
  return self;
}

void
op_record_model_update (OpRecordModel *self)
{
  OpIncarnation *now = op_table_source_get_incarnation (self->source);
  guint n_before = self->n_items;
  gboolean continued;

  if (now == self->incarnation)
    return;
  continued = is_continued (self->incarnation, now);
  take_snapshot (self);
  /* The last block may be asked for again: it has grown. */
  g_hash_table_remove_all (self->reading);
  if (continued && self->n_items == n_before)
    return;
  if (continued)
    {
      g_list_model_items_changed (G_LIST_MODEL (self), n_before, 0, self->n_items - n_before);
      return;
    }
  forget_rows (self);
  forget_blocks (self);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before, self->n_items);
}

guint32
op_record_row_get_record (OpRecordRow *self)
{
  return self->record;
}

gboolean
op_record_row_get_loaded (OpRecordRow *self)
{
  return self->batch != NULL;
}

OpTime
op_record_row_get_time (OpRecordRow *self)
{
  return self->batch != NULL ? op_batch_get_times (self->batch)[self->row] : OP_TIME_UNKNOWN;
}

char *
op_record_row_dup_time (OpRecordRow *self)
{
  char text[OP_TIME_TEXT_SIZE];

  if (self->batch == NULL)
    return g_strdup ("");
  op_time_format (op_batch_get_times (self->batch)[self->row], text);
  return g_strdup (text);
}

char *
op_record_row_dup_value (OpRecordRow *self, guint column, gboolean *is_nan)
{
  GString *text;

  *is_nan = FALSE;
  if (self->batch == NULL)
    return g_strdup ("");
  if (op_batch_get_kind (self->batch, column) == OP_KIND_NUMBER)
    *is_nan = op_value_is_flag (op_batch_get_type (self->batch, column),
                                op_batch_get_numbers (self->batch, column)[self->row]);
  text = g_string_new (NULL);
  op_batch_append_value_text (self->batch, column, self->row, text);
  return g_string_free (text, FALSE);
}
