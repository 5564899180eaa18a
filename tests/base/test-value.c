/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/value.h"

#include <locale.h>
#include <math.h>
#include <string.h>

typedef struct
{
  OpType      type;
  guint8      bytes[8];
  const char *text;
} TextCase;

/*
 * What CardConvert writes for these bytes (camp2ascii, tests/raw/TOB1_full* beside tests/cc: CR1000X, OS 8.01).
 * TOB1 has IEEE4, IEEE8 and SecNano with the least significant byte first.
 */
static const TextCase card_convert[] = {
  { OP_TYPE_FP2, { 0x9F, 0xFE }, "NAN" },
  { OP_TYPE_FP2, { 0xE1, 0xA4 }, "-0.42" },
  { OP_TYPE_FP2, { 0xE0, 0xDA }, "-0.218" },
  { OP_TYPE_FP2, { 0x60, 0xD2 }, "0.21" },
  { OP_TYPE_FP2, { 0x60, 0xDC }, "0.22" },
  { OP_TYPE_IEEE4L, { 0xFF, 0xFF, 0xFF, 0x7F }, "NAN" },
  { OP_TYPE_IEEE4L, { 0xBE, 0x38, 0xEA, 0xBB }, "-0.007147877" },
  { OP_TYPE_IEEE4L, { 0x24, 0x0B, 0x00, 0x3F }, "0.50017" },
  { OP_TYPE_IEEE4L, { 0x1F, 0x44, 0x45, 0xBE }, "-0.1926427" },
  { OP_TYPE_IEEE4L, { 0x1F, 0x44, 0x45, 0x3E }, "0.1926427" },
  { OP_TYPE_IEEE4, { 0x3E, 0x45, 0x44, 0x1F }, "0.1926427" },
  { OP_TYPE_IEEE8L, { 0x3F, 0xCB, 0x1F, 0xC4, 0x40 }, "1.37433413107636E-312" },
  { OP_TYPE_BOOL, { 0xFF }, "-1" },
  { OP_TYPE_BOOL8, { 0x00 }, "00000000" },
  { OP_TYPE_BOOL8, { 0xFF }, "11111111" },
  { OP_TYPE_UINT4, { 0x00, 0x96, 0x7F, 0x58 }, "9863000" },
  { 0, { 0 }, NULL },
};

/* FP2 by its rule and words of a real collect response (PyCampbellCR1000, test_parse_collectdata). */
static const TextCase fp2_words[] = {
  { OP_TYPE_FP2, { 0x9F, 0xFF }, "-INF" },  { OP_TYPE_FP2, { 0x1F, 0xFF }, "INF" },
  { OP_TYPE_FP2, { 0x00, 0x00 }, "0" },     { OP_TYPE_FP2, { 0x45, 0x51 }, "13.61" },
  { OP_TYPE_FP2, { 0x7D, 0x03 }, "7.427" }, { OP_TYPE_FP2, { 0x24, 0x74 }, "114" },
  { OP_TYPE_FP2, { 0xA7, 0xE0 }, "-201.6" }, { OP_TYPE_FP2, { 0x60, 0x01 }, "0.001" },
  { OP_TYPE_FP2, { 0x3F, 0x3F }, "799.9" }, { OP_TYPE_FP2, { 0x7F, 0xFF }, "8.191" },
  { OP_TYPE_FP2, { 0x13, 0x90 }, "5008" },  { OP_TYPE_FP2, { 0xBE, 0xAC }, "-785.2" },
  { OP_TYPE_FP2, { 0x47, 0x74 }, "19.08" }, { OP_TYPE_FP2, { 0x1F, 0x3F }, "7999" },
  { 0, { 0 }, NULL },
};

/* Appendix A's other types. */
static const TextCase other_types[] = {
  { OP_TYPE_BYTE, { 0xFE }, "254" },
  { OP_TYPE_INT1, { 0xFE }, "-2" },
  { OP_TYPE_UINT2, { 0xFF, 0xFE }, "65534" },
  { OP_TYPE_INT2, { 0xFF, 0xFE }, "-2" },
  { OP_TYPE_UINT4, { 0xFF, 0xFF, 0xFF, 0xFE }, "4294967294" },
  { OP_TYPE_INT4, { 0x80, 0x00, 0x00, 0x00 }, "-2147483648" },
  { OP_TYPE_SHORT, { 0xFE, 0xFF }, "-2" },
  { OP_TYPE_USHORT, { 0x02, 0x01 }, "258" },
  { OP_TYPE_LONG, { 0xFE, 0xFF, 0xFF, 0xFF }, "-2" },
  { OP_TYPE_ULONG, { 0x04, 0x03, 0x02, 0x01 }, "16909060" },
  { OP_TYPE_IEEE8, { 0x3F, 0xB9, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9A }, "0.1" },
  { OP_TYPE_IEEE8L, { 0x9A, 0x99, 0x99, 0x99, 0x99, 0x99, 0xB9, 0x3F }, "0.1" },
  { OP_TYPE_IEEE4, { 0xFF, 0x80, 0x00, 0x00 }, "-INF" },
  { OP_TYPE_IEEE4, { 0x4B, 0x18, 0x96, 0x80 }, "1E+07" },
  { OP_TYPE_BOOL, { 0x01 }, "-1" },
  { OP_TYPE_BOOL, { 0x00 }, "0" },
  { OP_TYPE_BOOL2, { 0x00, 0x01 }, "-1" },
  { OP_TYPE_BOOL4, { 0x00, 0x00, 0x01, 0x00 }, "-1" },
  { OP_TYPE_BOOL4, { 0x00, 0x00, 0x00, 0x00 }, "0" },
  { OP_TYPE_BOOL8, { 0x01 }, "10000000" },
  { OP_TYPE_BOOL8, { 0xC0 }, "00000011" },
  { 0, { 0 }, NULL },
};

static void
test_texts (gconstpointer data)
{
  const TextCase *cases = data;

  for (; cases->text != NULL; cases++)
    {
      char  text[OP_VALUE_TEXT_SIZE];
      gsize length = op_value_format_number (cases->type, op_value_get_number (cases->type, cases->bytes), text);

      g_assert_cmpstr (text, ==, cases->text);
      g_assert_cmpuint (length, ==, strlen (text));
    }
}

/* The texts must not follow a locale whose decimal sign is a comma. */
static void
test_locale (void)
{
  static const char *const names[] = { "de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "de_DE" };
  gboolean                 found = FALSE;
  char                     text[OP_VALUE_TEXT_SIZE];

  for (guint i = 0; i < G_N_ELEMENTS (names) && !found; i++)
    found = setlocale (LC_NUMERIC, names[i]) != NULL;
  if (!found)
    {
      g_test_skip ("no locale with a decimal comma is installed");
      return;
    }
  op_value_format_number (OP_TYPE_IEEE4, 0.5, text);
  g_assert_cmpstr (text, ==, "0.5");
  op_value_format_number (OP_TYPE_FP2, 0.5, text);
  g_assert_cmpstr (text, ==, "0.5");
  setlocale (LC_NUMERIC, "C");
}

/* Every FP2 word: the text is printf's %g of magnitude / 10^places, and encoding gives an equal number again. */
static void
test_all_fp2_words (void)
{
  static const double divisors[] = { 1, 10, 100, 1000 };

  for (guint word = 0; word <= 0xFFFF; word++)
    {
      const guint8     bytes[] = { word >> 8, word & 0xFF };
      double           number = op_value_get_number (OP_TYPE_FP2, bytes);
      double           magnitude = (word & 0x1FFF) / divisors[word >> 13 & 3];
      guint8           encoded[2];
      g_autofree char *expected = NULL;
      char             text[OP_VALUE_TEXT_SIZE];

      if (word == 0x1FFF || word == 0x9FFF || word == 0x9FFE)
        continue;
      g_assert_cmpfloat (number, ==, word & 0x8000 ? -magnitude : magnitude);
      expected = g_strdup_printf ("%g", number);
      op_value_format_number (OP_TYPE_FP2, number, text);
      g_assert_cmpstr (text, ==, expected);
      if ((word & 0x1FFF) > 7999)
        continue;
      g_assert_true (op_value_set_number (OP_TYPE_FP2, number, encoded, NULL));
      g_assert_cmpfloat (op_value_get_number (OP_TYPE_FP2, encoded), ==, number);
    }
}

/* Bytes of a simulated CR10X (weatherd, CR10XSimulator.cs). */
static void
test_fp4 (void)
{
  static const struct
  {
    guint8 bytes[4];
    double number;
  } cases[] = {
    { { 0x44, 0xDC, 0x4C, 0x4C }, 13.768627166748047 },
    { { 0x45, 0xBB, 0x37, 0x4B }, 23.40199851989746 },
    { { 0x48, 0xC1, 0x4E, 0xEF }, 193.30833435058594 },
    { { 0x00, 0x00, 0x00, 0x00 }, 0 },
    { { 0xC1, 0x80, 0x00, 0x00 }, -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint8 encoded[4];

      g_assert_cmpfloat (op_value_get_number (OP_TYPE_FP4, cases[i].bytes), ==, cases[i].number);
      g_assert_true (op_value_set_number (OP_TYPE_FP4, cases[i].number, encoded, NULL));
      g_assert_cmpmem (encoded, 4, cases[i].bytes, 4);
    }
}

static void
test_encode (void)
{
  static const struct
  {
    OpType type;
    double number;
    guint8 bytes[8];
  } cases[] = {
    { OP_TYPE_FP2, 13.61, { 0x45, 0x51 } },   { OP_TYPE_FP2, -0.42, { 0xE1, 0xA4 } },
    { OP_TYPE_FP2, 7.999, { 0x7F, 0x3F } },   { OP_TYPE_FP2, 7.9996, { 0x43, 0x20 } },
    { OP_TYPE_FP2, 7999, { 0x1F, 0x3F } },    { OP_TYPE_FP2, NAN, { 0x9F, 0xFE } },
    { OP_TYPE_FP2, INFINITY, { 0x1F, 0xFF } }, { OP_TYPE_FP2, -INFINITY, { 0x9F, 0xFF } },
    { OP_TYPE_FP2, -0.0001, { 0x60, 0x00 } }, { OP_TYPE_IEEE4, NAN, { 0x7F, 0xFF, 0xFF, 0xFF } },
    { OP_TYPE_IEEE4, -1, { 0xBF, 0x80 } },    { OP_TYPE_IEEE4L, -1, { 0, 0, 0x80, 0xBF } },
    { OP_TYPE_INT2, -2, { 0xFF, 0xFE } },     { OP_TYPE_SHORT, -2, { 0xFE, 0xFF } },
    { OP_TYPE_UINT4, 4294967294.0, { 0xFF, 0xFF, 0xFF, 0xFE } },
    { OP_TYPE_ULONG, 16909060, { 4, 3, 2, 1 } }, { OP_TYPE_BOOL, 1, { 0xFF } },
    { OP_TYPE_BOOL4, -1, { 0xFF, 0xFF, 0xFF, 0xFF } }, { OP_TYPE_BOOL2, 0, { 0, 0 } },
    { OP_TYPE_BOOL8, 3, { 3 } },
    { OP_TYPE_IEEE8, 0.1, { 0x3F, 0xB9, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9A } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      guint8 bytes[8] = { 0 };

      op_value_set_number (cases[i].type, cases[i].number, bytes, &error);
      g_assert_no_error (error);
      g_assert_cmpmem (bytes, op_type_size (cases[i].type), cases[i].bytes, op_type_size (cases[i].type));
    }
}

static void
test_refuse (void)
{
  static const struct
  {
    OpType type;
    double number;
  } cases[] = {
    { OP_TYPE_UINT2, 70000 }, { OP_TYPE_UINT2, -1 },     { OP_TYPE_INT1, 128 },     { OP_TYPE_INT4, NAN },
    { OP_TYPE_BYTE, 1.5 },    { OP_TYPE_FP2, 8000 },     { OP_TYPE_FP2, -1e30 },    { OP_TYPE_IEEE4, 1e39 },
    { OP_TYPE_FP4, NAN },     { OP_TYPE_FP4, 1e30 },     { OP_TYPE_BOOL, NAN },     { OP_TYPE_FP3, 1e9 },
    { OP_TYPE_ULONG, 1e10 },  { OP_TYPE_UINT4, INFINITY },
  };
  g_autoptr (GError) error = NULL;
  guint8 bytes[8];

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) refused = NULL;

      g_assert_false (op_value_set_number (cases[i].type, cases[i].number, bytes, &refused));
      g_assert_error (refused, OP_VALUE_ERROR, OP_VALUE_ERROR_RANGE);
    }
  g_assert_false (op_value_set_number (OP_TYPE_NSEC, 1, bytes, &error));
  g_assert_error (error, OP_VALUE_ERROR, OP_VALUE_ERROR_TYPE);
}

static void
test_times (void)
{
  static const struct
  {
    OpType      type;
    guint8      bytes[8];
    const char *text;
  } cases[] = {
    { OP_TYPE_SECNANO, { 0x58, 0x3E, 0xF8, 0x43, 0x40, 0x4B, 0x4C, 0x00 }, "2026-02-19 09:46:00.005" },
    { OP_TYPE_SECNANO, { 0x58, 0x3E, 0xF8, 0x43, 0x00, 0x1B, 0xB7, 0x00 }, "2026-02-19 09:46:00.012" },
    { OP_TYPE_NSEC, { 0x43, 0xF8, 0x3E, 0x58, 0x00, 0x4C, 0x4B, 0x40 }, "2026-02-19 09:46:00.005" },
    { OP_TYPE_SEC, { 0x43, 0xF8, 0x3E, 0x58 }, "2026-02-19 09:46:00" },
    /* weatherd, PakbusBinaryStreamTests.cs; 10 µs a count (pakbus-facts F4). */
    { OP_TYPE_USEC, { 0x5D, 0xCE, 0x23, 0xEC, 0xB8, 0xC4 }, "2022-09-07 11:51:13.625" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      OpTime time = op_value_get_time (cases[i].type, cases[i].bytes);
      char   text[OP_TIME_TEXT_SIZE];
      guint8 bytes[8];

      op_time_format (time, text);
      g_assert_cmpstr (text, ==, cases[i].text);
      op_value_set_time (cases[i].type, time, bytes);
      g_assert_cmpmem (bytes, op_type_size (cases[i].type), cases[i].bytes, op_type_size (cases[i].type));
    }
}

static void
test_types (void)
{
  static const struct
  {
    guint       code;
    gsize       size;
    OpKind      kind;
    const char *name;
  } cases[] = {
    { 1, 1, OP_KIND_NUMBER, "Byte" },    { 7, 2, OP_KIND_NUMBER, "FP2" },   { 15, 3, OP_KIND_NUMBER, "FP3" },
    { 9, 4, OP_KIND_NUMBER, "IEEE4B" },  { 18, 8, OP_KIND_NUMBER, "IEEE8B" }, { 11, 1, OP_KIND_TEXT, "ASCII" },
    { 16, 0, OP_KIND_TEXT, "ASCIIZ" },   { 13, 6, OP_KIND_TIME, "USec" },   { 14, 8, OP_KIND_TIME, "NSec" },
    { 23, 8, OP_KIND_TIME, "SecNano" },  { 27, 2, OP_KIND_NUMBER, "Bool2" }, { 28, 4, OP_KIND_NUMBER, "Bool4" },
  };
  guint n_known = 0;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_true (op_type_is_known (cases[i].code));
      g_assert_cmpuint (op_type_size (cases[i].code), ==, cases[i].size);
      g_assert_cmpint (op_type_kind (cases[i].code), ==, cases[i].kind);
      g_assert_cmpstr (op_type_name (cases[i].code), ==, cases[i].name);
    }
  for (guint code = 0; code < 256; code++)
    n_known += op_type_is_known (code);
  g_assert_cmpuint (n_known, ==, 27); /* rows of Appendix A */
  g_assert_cmpstr (op_type_name (26), ==, "type 26");
}

static void
test_columns (void)
{
  static const guint8 bytes[] = { 0x45, 0x51, 0xEE, 0x13, 0x90, 0xEE, 0x9F, 0xFE };
  double              numbers[3];

  op_value_get_numbers (OP_TYPE_FP2, bytes, 3, 3, numbers);
  g_assert_cmpfloat (numbers[0], ==, 13.61);
  g_assert_cmpfloat (numbers[1], ==, 5008);
  g_assert_true (isnan (numbers[2]));
}

/* Floats read as the C library writes them with the precision that the vendor's converter has. */
static void
test_float_text (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  for (guint i = 0; i < 600000; i++)
    {
      guint32 bits = g_rand_int (rand);
      float   number;
      char    text[OP_VALUE_TEXT_SIZE], expected[OP_VALUE_TEXT_SIZE];

      if (i % 3 == 1) /* of everyday size */
        bits = (bits & 0x807FFFFF) | (guint32) g_rand_int_range (rand, 110, 154) << 23;
      memcpy (&number, &bits, sizeof number);
      if (i % 3 == 2) /* few digits, and halves of the last one */
        number = (float) (bits % 20000000) / (float) (1 << bits % 11);
      if (!isfinite (number))
        continue;
      op_value_format_number (OP_TYPE_IEEE4, number, text);
      g_ascii_formatd (expected, sizeof expected, "%.7G", number);
      g_assert_cmpstr (text, ==, expected);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/value/card-convert", card_convert, test_texts);
  g_test_add_data_func ("/value/fp2-words", fp2_words, test_texts);
  g_test_add_data_func ("/value/other-types", other_types, test_texts);
  g_test_add_func ("/value/locale", test_locale);
  g_test_add_func ("/value/all-fp2-words", test_all_fp2_words);
  g_test_add_func ("/value/fp4", test_fp4);
  g_test_add_func ("/value/encode", test_encode);
  g_test_add_func ("/value/refuse", test_refuse);
  g_test_add_func ("/value/times", test_times);
  g_test_add_func ("/value/types", test_types);
  g_test_add_func ("/value/columns", test_columns);
  g_test_add_func ("/value/float-text", test_float_text);
  return g_test_run ();
}
