/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/picture.h"

#include "app/engine/picture-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define MAX_FIELDS 2

typedef struct
{
  const char *nick;
  const char *title;
  guint       n_fields;
  const char *roles[MAX_FIELDS];
  gboolean  (*accept) (const double *values); /* of those that are numbers, all; NULL: it does */
  void      (*begin)  (OpPictureMaker *maker); /* after the survey */
  void      (*add)    (OpPictureMaker *maker, OpTime time, const double *values);
  void      (*finish) (OpPictureMaker *maker); /* may be NULL */
} Kind;

static const Kind kinds[OP_N_PICTURES] = {
  [OP_PICTURE_XY] = { "xy", N_("XY"), 2, { N_("Across"), N_("Up") }, NULL, op_xy_begin, op_xy_add, op_xy_finish },
  [OP_PICTURE_HISTOGRAM] = { "histogram", N_("Histogram"), 1, { N_("Field"), NULL }, NULL,
                             op_histogram_begin, op_histogram_add, NULL },
  [OP_PICTURE_ROSE] = { "rose", N_("Wind Rose"), 2, { N_("Direction"), N_("Speed") }, op_rose_accept,
                        op_rose_begin, op_rose_add, NULL },
  [OP_PICTURE_DIURNAL] = { "diurnal", N_("Diurnal Course"), 1, { N_("Field"), NULL }, NULL,
                           op_diurnal_begin, op_diurnal_add, op_diurnal_finish },
};

const char *
op_picture_get_nick (OpPictureKind kind)
{
  return kinds[kind].nick;
}

gboolean
op_picture_find_kind (const char *nick, OpPictureKind *kind)
{
  for (guint i = 0; i < OP_N_PICTURES; i++)
    if (g_str_equal (kinds[i].nick, nick))
      {
        *kind = i;
        return TRUE;
      }
  return FALSE;
}

const char *
op_picture_get_title (OpPictureKind kind)
{
  return _(kinds[kind].title);
}

guint
op_picture_get_n_fields (OpPictureKind kind)
{
  return kinds[kind].n_fields;
}

const char *
op_picture_get_role (OpPictureKind kind, guint place)
{
  return _(kinds[kind].roles[place]);
}

OpPicture *
op_picture_ref (OpPicture *picture)
{
  g_atomic_ref_count_inc (&picture->ref_count);
  return picture;
}

void
op_picture_unref (OpPicture *picture)
{
  if (!g_atomic_ref_count_dec (&picture->ref_count))
    return;
  if (picture->kind == OP_PICTURE_XY)
    g_array_unref (picture->xy.points);
  g_free (picture);
}

/* Making */

typedef struct
{
  OpRecords    *records;
  OpPictureKind kind;
  guint         columns[MAX_FIELDS];
  OpTime        from, to;
} Order;

static void
order_free (Order *order)
{
  op_records_unref (order->records);
  g_free (order);
}

/* Values of one record, when all fields have one. */
static gboolean
get_values (const OpRecordSlice *slice, gsize row, const Kind *kind, double *values)
{
  for (guint i = 0; i < kind->n_fields; i++)
    {
      values[i] = slice->values[i][row];
      if (!isfinite (values[i]))
        return FALSE;
    }
  return kind->accept == NULL || kind->accept (values);
}

/* What ranges there are is known before anything is counted. */
static void
survey_slice (const OpRecordSlice *slice, gpointer data)
{
  OpPicture *picture = ((OpPictureMaker *) data)->picture;
  const Kind *kind = &kinds[picture->kind];
  double values[MAX_FIELDS];

  for (gsize row = 0; row < slice->n; row++)
    {
      if (!get_values (slice, row, kind, values))
        {
          picture->n_left_out++;
          continue;
        }
      picture->n++;
      for (guint i = 0; i < kind->n_fields; i++)
        op_statistics_add (&picture->statistics[i], slice->times[row], values[i]);
    }
}

static void
add_slice (const OpRecordSlice *slice, gpointer data)
{
  OpPictureMaker *maker = data;
  const Kind *kind = &kinds[maker->picture->kind];
  double values[MAX_FIELDS];

  for (gsize row = 0; row < slice->n; row++)
    if (get_values (slice, row, kind, values))
      kind->add (maker, slice->times[row], values);
}

static gboolean
make (OpPictureMaker *maker, const Order *order, GCancellable *cancellable, GError **error)
{
  const Kind *kind = &kinds[order->kind];
  OpPicture *picture = maker->picture;

  for (guint i = 0; i < MAX_FIELDS; i++)
    op_statistics_init (&picture->statistics[i]);
  if (!op_records_scan (order->records, order->columns, kind->n_fields, order->from, order->to, survey_slice, maker,
                        cancellable, error))
    return FALSE;
  for (guint i = 0; i < MAX_FIELDS; i++)
    op_statistics_finish (&picture->statistics[i]);
  kind->begin (maker);
  if (!op_records_scan (order->records, order->columns, kind->n_fields, order->from, order->to, add_slice, maker,
                        cancellable, error))
    return FALSE;
  if (kind->finish != NULL)
    kind->finish (maker);
  return TRUE;
}

static void
run (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Order *order = data;
  OpPictureMaker maker = { .picture = g_new0 (OpPicture, 1), .rand = g_rand_new_with_seed (OP_PICTURE_SEED) };
  GError *error = NULL;
  gboolean is_made;

  g_atomic_ref_count_init (&maker.picture->ref_count);
  maker.picture->kind = order->kind;
  if (order->kind == OP_PICTURE_XY)
    maker.picture->xy.points = g_array_new (FALSE, FALSE, sizeof (OpXyPoint));
  is_made = make (&maker, order, cancellable, &error);
  for (guint i = 0; i < OP_PICTURE_HOURS; i++)
    g_clear_pointer (&maker.hours[i], g_array_unref);
  g_rand_free (maker.rand);
  if (is_made)
    g_task_return_pointer (task, maker.picture, (GDestroyNotify) op_picture_unref);
  else
    {
      op_picture_unref (maker.picture);
      g_task_return_error (task, error);
    }
}

void
op_picture_make_async (OpRecords *records, OpPictureKind kind, const guint *columns, OpTime from, OpTime to,
                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (kind < OP_N_PICTURES);

  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  Order *order = g_new0 (Order, 1);

  order->records = op_records_ref (records);
  order->kind = kind;
  for (guint i = 0; i < kinds[kind].n_fields; i++)
    order->columns[i] = columns[i];
  order->from = from;
  order->to = to;
  g_task_set_task_data (task, order, (GDestroyNotify) order_free);
  g_task_run_in_thread (task, run);
}

OpPicture *
op_picture_make_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
