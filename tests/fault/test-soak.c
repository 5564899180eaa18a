/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fault/soak.h"
#include "tests/fault/virtual-time.h"

#include "protocol/transport/memory-transport.h"
#include "protocol/transport/throttle.h"

#include <glib/gstdio.h>
#include <string.h>

/*
 * Ten thousand transactions picked at random, over links with every kind of fault, against the emulator; in the
 * end, the logger holds what the client believes. OUTPOST_SOAK_SEED and OUTPOST_SOAK_N pick other runs.
 */
#define N_TRANSACTIONS 10000
#define N_A_LINK       50
#define DEFAULT_SEED   20261121
#define HOUR_US        (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)

/* From clean to one frame in three; the middle of each round trip. */
static const SoakLink links[] = {
  { "clean", "", 0 },
  { "clean, far", "", 300000 },
  { "a byte in 100,000", "bit-flip:0.00001,byte-drop:0.00001,byte-dup:0.00001", 2000 },
  { "a byte in 10,000", "bit-flip:0.0001,byte-drop:0.00005,byte-dup:0.00005", 2000 },
  { "a byte in 2,000", "bit-flip:0.0003,byte-drop:0.0001,byte-dup:0.0001", 0 },
  { "a frame in three lost", "frame-drop:0.33", 2000 },
  { "frames doubled", "frame-dup:0.33", 0 },
  { "frames delayed", "frame-delay:0.1", 2000 },
  { "frames reordered", "frame-reorder:0.2,frame-dup:0.1", 2000 },
  { "cut off", "disconnect:0.02", 2000 },
  { "reboots", "reboot:0.01", 2000 },
  { "all of it", "bit-flip:0.00002,frame-drop:0.03,frame-dup:0.05,frame-delay:0.02,frame-reorder:0.05,disconnect:0.003,reboot:0.002",
    50000 },
};

typedef struct
{
  void (*run) (Soak *soak);
  guint weight;
} Transaction;

static const Transaction large_transactions[] = {
  { soak_read_clock, 8 },
  { soak_adjust_clock, 4 },
  { soak_get_values, 18 },
  { soak_set_values, 16 },
  { soak_collect, 20 },
  { soak_reset_table, 1 },
  { soak_put_file, 6 },
  { soak_get_file, 6 },
  { soak_delete_file, 3 },
  { soak_list_files, 2 },
  { soak_read_program, 4 },
  { soak_identify, 2 },
  { soak_echo, 6 },
  { soak_read_settings, 3 },
  { soak_set_settings, 1 },
  { NULL, 0 },
};

static const Transaction small_transactions[] = {
  { soak_read_clock, 8 },
  { soak_adjust_clock, 4 },
  { soak_get_values, 18 },
  { soak_set_values, 16 },
  { soak_collect, 20 },
  { soak_read_program, 4 },
  { soak_identify, 2 },
  { soak_read_named_settings, 6 },
  { soak_set_named_settings, 4 },
  { soak_send_program, 1 },
  { NULL, 0 },
};

/* OneMin of the large one is never reset: it has the emulator's own dump to be compared with. */
static const char *const large_fields[] = { "Setpoint", "Note", "Counter", "Volume", "Flag", NULL };
static const char *const large_tables[] = { "OneMin", "Daily", "Events", NULL };
static const char *const small_fields[] = { "Setpoint", "Coeff", NULL };
static const char *const small_tables[] = { "OneMin", "Hourly", NULL };

static const SoakKind large = { "cr1000", "CR1000", FALSE, large_fields, large_tables };
static const SoakKind small = { "cr200", "CR200", TRUE, small_fields, small_tables };

void
soak_await_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

GAsyncResult *
soak_await (GAsyncResult **slot)
{
  gint64 deadline = virtual_time_get () + 2 * HOUR_US;

  while (*slot == NULL)
    {
      g_main_context_iteration (NULL, TRUE);
      if (virtual_time_get () > deadline)
        g_error ("A call never ends");
    }
  return *slot;
}

static gboolean
on_waited_cb (gpointer is_over)
{
  *(gboolean *) is_over = TRUE;
  return G_SOURCE_REMOVE;
}

void
soak_wait (guint seconds)
{
  gboolean is_over = FALSE;

  g_timeout_add_seconds (seconds, on_waited_cb, &is_over);
  while (!is_over)
    g_main_context_iteration (NULL, TRUE);
}

guint
soak_pick (Soak *soak, guint n)
{
  return (guint) g_rand_int_range (soak->rand, 0, (gint32) n);
}

OpTable *
soak_find_table (Soak *soak, const char *name)
{
  for (guint i = 0; i < soak->tables->len; i++)
    if (strcmp (((OpTable *) soak->tables->pdata[i])->name, name) == 0)
      return soak->tables->pdata[i];
  g_error ("There is no table %s", name);
}

static void
on_closed_cb (OpLogger *logger, const GError *error, Soak *soak)
{
  g_test_message ("%u: closed: %s", soak->n_done, error->message);
  soak->lost = TRUE;
}

/* A new pair of ends; the emulator serves one of them through what damages it. */
static void
make_link (Soak *soak)
{
  g_autoptr (OpTransport) near = NULL;
  g_autoptr (OpTransport) far = NULL;
  g_autoptr (OpTransport) line = NULL;
  g_autoptr (OpTransport) faulty = NULL;
  OpFaults faults = { { 0 } };

  op_memory_transport_new_pair (&near, &far);
  line = op_throttle_new (near, 0, soak->link.delay_us);
  if (*soak->link.faults != '\0')
    g_assert_true (op_faults_parse (soak->link.faults, &faults, NULL));
  faulty = op_fault_transport_new (far, &faults, g_rand_int (soak->rand));
  op_emulator_serve (soak->emulator, faulty);
  soak->logger = pak_logger_new (line, 1, 0, 0);
  pak_logger_set_fast (PAK_LOGGER (soak->logger), soak_pick (soak, 2) == 0);
  soak->lost = FALSE;
  g_signal_connect (soak->logger, "closed", G_CALLBACK (on_closed_cb), soak);
}

void
soak_disconnect (Soak *soak)
{
  if (soak->logger == NULL)
    return;
  g_signal_handlers_disconnect_by_data (soak->logger, soak);
  op_logger_close (soak->logger);
  g_clear_object (&soak->logger);
}

/* How short its packets have to be, a CR200 tells when it is identified. */
static gboolean
adapt (Soak *soak)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (OpIdentity) identity = NULL;
  GError *error = NULL;

  if (!soak->kind->is_small)
    return TRUE;
  op_logger_identify_async (soak->logger, NULL, soak_await_cb, &result);
  identity = op_logger_identify_finish (soak->logger, soak_await (&result), &error);
  return !soak_has_failed (soak, "identify at first", error);
}

void
soak_connect (Soak *soak)
{
  while (soak->logger == NULL)
    {
      g_autoptr (GAsyncResult) result = NULL;
      GError *error = NULL;

      make_link (soak);
      op_logger_open_async (soak->logger, NULL, soak_await_cb, &result);
      op_logger_open_finish (soak->logger, soak_await (&result), &error);
      if (soak_has_failed (soak, "open", error) || !adapt (soak))
        soak_disconnect (soak);
    }
}

/* What a link can do to a call; a logger that restarts is gone for a while, too. */
static gboolean
is_explained (const Soak *soak, const GError *error)
{
  static const OpLoggerError codes[] = { OP_LOGGER_ERROR_NO_ANSWER, OP_LOGGER_ERROR_LINK, OP_LOGGER_ERROR_NOT_DONE,
                                         OP_LOGGER_ERROR_UNCERTAIN };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_error_matches (error, OP_LOGGER_ERROR, codes[i]))
      return TRUE;
  /* A request that was damaged in a way that its signature does not show is refused as what it has become. */
  if (g_error_matches (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_REFUSED))
    return strstr (soak->link.faults, "bit-flip") != NULL;
  return error->domain == OP_TRANSPORT_ERROR;
}

gboolean
soak_has_failed (Soak *soak, const char *what, GError *error)
{
  if (error == NULL)
    return FALSE;
  if (*soak->link.faults == '\0' || !is_explained (soak, error))
    g_error ("Transaction %u, %s, link %s: %s (%s, %d)", soak->n_done, what, soak->link.name, error->message,
             g_quark_to_string (error->domain), error->code);
  g_test_message ("%u: %s: %s", soak->n_done, what, error->message);
  soak->n_failed++;
  g_error_free (error);
  return TRUE;
}

static void
run_one (Soak *soak)
{
  const Transaction *transactions = soak->kind->is_small ? small_transactions : large_transactions;
  guint sum = 0, picked;

  for (guint i = 0; transactions[i].run != NULL; i++)
    sum += transactions[i].weight;
  picked = soak_pick (soak, sum);
  for (guint i = 0; transactions[i].run != NULL; i++)
    {
      if (picked < transactions[i].weight)
        {
          transactions[i].run (soak);
          return;
        }
      picked -= transactions[i].weight;
    }
}

static void
set_link (Soak *soak, const SoakLink *link)
{
  soak_disconnect (soak);
  soak->link = *link;
}

static void
read_tables (Soak *soak)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  soak_connect (soak);
  op_logger_read_tables_async (soak->logger, NULL, soak_await_cb, &result);
  soak->tables = op_logger_read_tables_finish (soak->logger, soak_await (&result), &error);
  g_assert_no_error (error);
}

static Soak *
soak_new (const SoakKind *kind, guint32 seed, const char *folder)
{
  Soak *soak = g_new0 (Soak, 1);
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new (kind->model);
  g_autoptr (GError) error = NULL;

  soak->kind = kind;
  soak->rand = g_rand_new_with_seed (seed);
  soak->dump_path = g_build_filename (folder, "dump.dat", NULL);
  soak->model.values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  soak->model.files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  soak->model.settings = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  soak->model.records = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  options->history = 2000;
  options->interval = 60 * OP_SECOND;
  options->seed = seed;
  options->dump_path = g_strdup (soak->dump_path);
  soak->emulator = op_emulator_new (options, &error);
  g_assert_no_error (error);
  soak->link = links[0];
  read_tables (soak);
  return soak;
}

static void
soak_free (Soak *soak)
{
  soak_disconnect (soak);
  g_object_unref (soak->emulator);
  g_ptr_array_unref (soak->tables);
  g_hash_table_unref (soak->model.values);
  g_hash_table_unref (soak->model.files);
  g_hash_table_unref (soak->model.settings);
  g_hash_table_unref (soak->model.records);
  g_rand_free (soak->rand);
  g_free (soak->dump_path);
  g_free (soak);
}

static guint
get_number (const char *variable, guint otherwise)
{
  const char *text = g_getenv (variable);

  return text != NULL ? (guint) g_ascii_strtoull (text, NULL, 10) : otherwise;
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

static void
test_soak (gconstpointer kind)
{
  guint seed = get_number ("OUTPOST_SOAK_SEED", DEFAULT_SEED);
  guint n = get_number ("OUTPOST_SOAK_N", N_TRANSACTIONS);
  g_autofree char *folder = g_dir_make_tmp ("outpost-soak-XXXXXX", NULL);
  Soak *soak;

  g_test_message ("OUTPOST_SOAK_SEED=%u OUTPOST_SOAK_N=%u", seed, n);
  g_random_set_seed (seed);
  soak = soak_new (kind, seed, folder);
  for (; soak->n_done < n; soak->n_done++)
    {
      if (soak->n_done % N_A_LINK == 0)
        set_link (soak, &links[soak_pick (soak, G_N_ELEMENTS (links))]);
      soak_connect (soak);
      run_one (soak);
      if (soak->lost)
        soak_disconnect (soak);
    }
  set_link (soak, &links[0]);
  soak_connect (soak);
  soak_read_clock (soak);
  soak_check_values (soak);
  soak_check_records (soak);
  if (soak->kind->is_small)
    soak_check_named_settings (soak);
  else
    {
      soak_check_files (soak);
      soak_check_settings (soak);
    }
  g_test_message ("%u transactions, %u calls failed by faults, %" G_GINT64_FORMAT " s of virtual time", soak->n_done,
                  soak->n_failed, virtual_time_get () / G_USEC_PER_SEC);
  soak_free (soak);
  remove_folder (folder);
}

int
main (int argc, char **argv)
{
  virtual_time_install ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/soak/cr1000", &large, test_soak);
  g_test_add_data_func ("/soak/cr200", &small, test_soak);
  return g_test_run ();
}
