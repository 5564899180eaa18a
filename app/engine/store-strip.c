/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/store-strip.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define HEADS_SIZE   (OP_STRIP_BLOCKS * sizeof (OpBlockHead))
#define FP2_PER_UNIT 1000
G_STATIC_ASSERT (sizeof (OpBlockHead) == 7 * sizeof (guint64));
#if G_BYTE_ORDER != G_LITTLE_ENDIAN
#error "Strips are stored as they lie in the memory of a little-endian machine"
#endif

/* The form in which numbers of a type are stored, without loss. */
typedef enum
{
  FORM_THOUSANDTHS,
  FORM_FLOAT,
  FORM_DOUBLE,
} Form;

/* What a stored column begins with; the numbers follow. */
typedef struct
{
  double  sums[OP_STRIP_BLOCKS];
  guint32 n_values[OP_STRIP_BLOCKS];
} ColumnHead;
#define NUMBERS_A_BLOCK 4

typedef struct
{
  guint table_column;
  Form  form;
  gsize offset; /* of the column in a strip */
} Column;

struct _OpStripLayout
{
  GArray *columns;
  gsize   size;
};

static Form
get_form (OpType type)
{
  switch ((guint) type)
    {
    case OP_TYPE_FP2:
      return FORM_THOUSANDTHS;
    case OP_TYPE_IEEE4:
    case OP_TYPE_IEEE4L:
      return FORM_FLOAT;
    default:
      return FORM_DOUBLE;
    }
}

static gsize
get_number_size (Form form)
{
  return form == FORM_DOUBLE ? sizeof (double) : sizeof (gint32);
}

OpStripLayout *
op_strip_layout_new (const OpTable *table)
{
  OpStripLayout *layout = g_new (OpStripLayout, 1);
  layout->columns = g_array_new (FALSE, FALSE, sizeof (Column));
  layout->size = HEADS_SIZE;
  for (guint i = 0; i < table->n_columns; i++)
    {
      OpType type = op_table_get_column (table, i, NULL)->type;
      Column column = { i, get_form (type), layout->size };
      if (op_type_kind (type) != OP_KIND_NUMBER)
        continue;
      g_array_append_val (layout->columns, column);
      layout->size += sizeof (ColumnHead) + NUMBERS_A_BLOCK * OP_STRIP_BLOCKS * get_number_size (column.form);
    }
  return layout;
}

void
op_strip_layout_free (OpStripLayout *layout)
{
  g_array_unref (layout->columns);
  g_free (layout);
}

gsize
op_strip_layout_get_size (const OpStripLayout *layout)
{
  return layout->size;
}

guint
op_strip_layout_get_n_columns (const OpStripLayout *layout)
{
  return layout->columns->len;
}

gint
op_strip_layout_find (const OpStripLayout *layout, guint table_column)
{
  for (guint i = 0; i < layout->columns->len; i++)
    if (g_array_index (layout->columns, Column, i).table_column == table_column)
      return (gint) i;
  return -1;
}

static guint8 *
store_number (Form form, double number, guint8 *bytes)
{
  gint32 thousandths;
  float single;
  switch (form)
    {
    case FORM_THOUSANDTHS:
      thousandths = (gint32) lrint (number * FP2_PER_UNIT);
      memcpy (bytes, &thousandths, sizeof thousandths);
      break;
    case FORM_FLOAT:
      single = (float) number;
      memcpy (bytes, &single, sizeof single);
      break;
    default:
      memcpy (bytes, &number, sizeof number);
    }
  return bytes + get_number_size (form);
}

static double
load_number (Form form, const guint8 *bytes)
{
  gint32 thousandths;
  float single;
  double number;
  switch (form)
    {
    case FORM_THOUSANDTHS:
      memcpy (&thousandths, bytes, sizeof thousandths);
      return (double) thousandths / FP2_PER_UNIT;
    case FORM_FLOAT:
      memcpy (&single, bytes, sizeof single);
      return (double) single;
    default:
      memcpy (&number, bytes, sizeof number);
      return number;
    }
}

static void
store_column (Form form, const OpBin bins[OP_STRIP_BLOCKS], guint8 *bytes)
{
  static const OpBin nothing;
  ColumnHead head;
  guint8 *numbers = bytes + sizeof head;
  for (guint i = 0; i < OP_STRIP_BLOCKS; i++)
    {
      const OpBin *bin = bins[i].n_values > 0 ? &bins[i] : &nothing;
      head.sums[i] = bin->sum;
      head.n_values[i] = bin->n_values;
      numbers = store_number (form, bin->min, numbers);
      numbers = store_number (form, bin->max, numbers);
      numbers = store_number (form, bin->first, numbers);
      numbers = store_number (form, bin->last, numbers);
    }
  memcpy (bytes, &head, sizeof head);
}

void
op_strip_store (const OpStripLayout *layout, const OpBlockHead heads[OP_STRIP_BLOCKS], const OpBin *bins,
                guint8 *bytes)
{
  memcpy (bytes, heads, HEADS_SIZE);
  for (guint i = 0; i < layout->columns->len; i++)
    {
      const Column *column = &g_array_index (layout->columns, Column, i);
      store_column (column->form, bins + i * OP_STRIP_BLOCKS, bytes + column->offset);
    }
}

static gboolean
fail_damaged (GError **error)
{
  g_set_error (error, OP_STORE_ERROR, OP_STORE_ERROR_DAMAGED, _("A summary of records in the store is damaged"));
  return FALSE;
}

gboolean
op_strip_load_heads (const OpStripLayout *layout, const guint8 *bytes, gsize length,
                     OpBlockHead heads[OP_STRIP_BLOCKS], GError **error)
{
  if (length != layout->size)
    return fail_damaged (error);
  memcpy (heads, bytes, HEADS_SIZE);
  return TRUE;
}

static OpBin
load_bin (Form form, const guint8 *numbers, double sum, guint32 n_values)
{
  gsize size = get_number_size (form);
  if (n_values == 0)
    return OP_BIN_EMPTY;
  return (OpBin){ load_number (form, numbers), load_number (form, numbers + size),
                  load_number (form, numbers + 2 * size), load_number (form, numbers + 3 * size), sum, n_values, 0 };
}

gboolean
op_strip_load_bins (const OpStripLayout *layout, const guint8 *bytes, guint place,
                    const OpBlockHead heads[OP_STRIP_BLOCKS], OpBin bins[OP_STRIP_BLOCKS], GError **error)
{
  const Column *column = &g_array_index (layout->columns, Column, place);
  const guint8 *numbers = bytes + column->offset + sizeof (ColumnHead);
  ColumnHead head;
  memcpy (&head, bytes + column->offset, sizeof head);
  for (guint i = 0; i < OP_STRIP_BLOCKS; i++, numbers += NUMBERS_A_BLOCK * get_number_size (column->form))
    {
      if (head.n_values[i] > heads[i].n_records)
        return fail_damaged (error);
      bins[i] = load_bin (column->form, numbers, head.sums[i], head.n_values[i]);
      bins[i].n_nan = (guint32) heads[i].n_records - head.n_values[i];
    }
  return TRUE;
}
