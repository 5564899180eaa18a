/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/bench.h"

#include "app/engine/store-append.h"
#include "app/engine/store-incarnations.h"
#include "app/engine/store-pyramid.h"

#include <glib/gstdio.h>

/* What it costs to keep the pyramid while records of ten values are stored, as a collection brings them. */

/* The same code without the pyramid, to compare with. */
#define op_db_append                        append_without_pyramid
#define op_db_update_pyramid(db, incarnation, table, added, old_end, end, error) TRUE
gboolean append_without_pyramid (OpDb *db, gpointer request, GError **error);
#define op_append_request_free              free_append_request
void free_append_request (OpAppendRequest *request);
#include "app/engine/store-append.c"
#undef op_db_append
#undef op_append_request_free

#define N_COLUMNS      10
#define N_TRANSACTIONS 200
#define N_RUNS         5

/* What is stored in one transaction. */
typedef struct
{
  OpType type;
  guint  packet; /* records */
  guint  n_packets;
} Load;

typedef struct
{
  OpIncarnation *incarnation;
  GPtrArray     *chunks;
} Part;

static OpChunk *
make_chunk (const Load *load, const OpTable *table, guint32 first)
{
  gsize size = op_type_size (load->type), length = load->packet * N_COLUMNS * size;
  guint8 *bytes = g_malloc (length);
  g_autoptr (GBytes) payload = g_bytes_new_take (bytes, length);
  g_autoptr (GError) error = NULL;
  OpChunk *chunk;

  for (guint i = 0; i < load->packet * N_COLUMNS; i++)
    op_value_set_number (load->type, (first + i) % 6999, bytes + size * i, NULL);
  chunk = op_chunk_new (table, first, load->packet, first * OP_SECOND, payload, &error);
  if (chunk == NULL)
    g_error ("%s", error->message);
  return chunk;
}

static void
make_chunks (Part *part, const Load *load, guint32 first)
{
  part->chunks = g_ptr_array_new_with_free_func ((GDestroyNotify) op_chunk_free);
  for (guint i = 0; i < load->n_packets; i++)
    g_ptr_array_add (part->chunks, make_chunk (load, part->incarnation->table, first + i * load->packet));
}

static gboolean
store_with_pyramid (OpDb *db, gpointer data, GError **error)
{
  Part *part = data;
  OpAppendRequest request = { .incarnation = part->incarnation->id, .chunks = part->chunks };

  return op_db_append (db, &request, error);
}

static gboolean
store_without_pyramid (OpDb *db, gpointer data, GError **error)
{
  Part *part = data;
  OpAppendRequest request = { .incarnation = part->incarnation->id, .chunks = part->chunks };

  return append_without_pyramid (db, &request, error);
}

static OpIncarnation *
begin (OpDb *db, gint64 station, OpType type)
{
  OpTableBuilder *builder = op_table_builder_new ("Bench", 1, OP_TYPE_NSEC, 0, OP_SECOND);
  OpIncarnationsRequest *request = op_incarnations_request_new (station);
  OpIncarnation *incarnation;

  for (guint i = 0; i < N_COLUMNS; i++)
    {
      g_autofree char *field = g_strdup_printf ("V%u", i);

      op_table_builder_add_field (builder, type, TRUE, field, "", "V", NULL, 0);
    }
  request->table = op_table_builder_finish (builder, 1, NULL);
  if (!op_db_write (db, op_db_begin_incarnation, request, NULL))
    g_error ("A table cannot be begun");
  incarnation = op_incarnation_ref (request->list->pdata[0]);
  op_incarnations_request_free (request);
  return incarnation;
}

static gint64
add_station (OpDb *db)
{
  gint64 id;

  if (!op_db_exec (db, "INSERT INTO station (name, uri, simulated, last_collected_us) VALUES ('Bench', 'demo:', 1, 0)",
                   NULL)
      || !op_db_get_int (db, 0, &id, NULL, "SELECT id FROM station", ""))
    g_error ("No station can be added");
  return id;
}

/* Seconds for a transaction. */
static double
time_storing (OpDb *db, OpDbFunc func, Part *part)
{
  g_autoptr (GError) error = NULL;
  double start = bench_now ();

  if (!op_db_write (db, func, part, &error))
    g_error ("%s", error->message);
  return bench_now () - start;
}

/* One of the two stores that are compared: each writes its own file, and moves its own log into it. */
typedef struct
{
  char          *path;
  OpDb          *db;
  OpIncarnation *incarnation;
  double         seconds;
} Side;

static void
open_side (Side *side, const char *dir, const char *name, OpType type)
{
  g_autoptr (GError) error = NULL;

  side->path = g_build_filename (dir, name, NULL);
  side->db = op_db_open (side->path, &error);
  if (side->db == NULL)
    g_error ("%s", error->message);
  side->incarnation = begin (side->db, add_station (side->db), type);
}

static void
close_side (Side *side)
{
  op_incarnation_unref (side->incarnation);
  op_db_close (side->db);
  g_unlink (side->path);
  g_free (side->path);
}

/* Percent by which such transactions take longer with the pyramid. */
static double
compare (const char *dir, const Load *load)
{
  Side with = { 0 }, without = { 0 };

  open_side (&with, dir, "with.db", load->type);
  open_side (&without, dir, "without.db", load->type);
  /* By turns, as the disk is quicker at one moment than at the next. */
  for (guint i = 0; i < N_TRANSACTIONS; i++)
    {
      Part part = { .incarnation = with.incarnation };

      make_chunks (&part, load, i * load->n_packets * load->packet);
      with.seconds += time_storing (with.db, store_with_pyramid, &part);
      part.incarnation = without.incarnation;
      without.seconds += time_storing (without.db, store_without_pyramid, &part);
      g_ptr_array_unref (part.chunks);
    }
  close_side (&with);
  close_side (&without);
  return 100 * (with.seconds / without.seconds - 1);
}

/* The median, as a disk has moments. */
static double
measure (const char *dir, const Load *load)
{
  g_autoptr (GArray) percents = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < N_RUNS; i++)
    {
      double percent = compare (dir, load);

      g_array_append_val (percents, percent);
    }
  return bench_percentile (percents, 0.5);
}

void
bench_pyramid (void)
{
  static const Load loads[] = {
    /* As baselines.md measures storing. */
    { OP_TYPE_IEEE4, 24, 1 },
    { OP_TYPE_IEEE4, 25, 400 },
    /* What a slow, a quick and the quickest link bring in the time of a batch (table-collector.c). */
    { OP_TYPE_FP2, 44, 1 },
    { OP_TYPE_FP2, 44, 10 },
    { OP_TYPE_FP2, 44, 454 },
  };
  g_autofree char *dir = g_dir_make_tmp ("outpost-bench-XXXXXX", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (loads); i++)
    {
      g_autofree char *what = g_strdup_printf ("Pyramid: storing %u records of ten %s takes longer by",
                                               loads[i].n_packets * loads[i].packet, op_type_name (loads[i].type));

      bench_say (what, measure (dir, &loads[i]), "%", 30, FALSE);
    }
  g_rmdir (dir);
}
