/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tests/engine/fixture.h"
#include "tests/engine/value-logger.h"

#include "app/engine/live-values.h"

/** A station whose values are looked at, ten times a second. */
typedef struct
{
  Fixture       base;
  ValueLogger  *logger;
  OpStation    *station;
  OpLiveValues *values;
} LiveFixture;

void         live_fixture_set_up    (LiveFixture *f, gconstpointer data);
void         live_fixture_tear_down (LiveFixture *f, gconstpointer data);

OpStation   *new_station            (LiveFixture *f, const char *uri);
/** Sets what @logger's first value of @field is. */
void         set_number             (ValueLogger *logger, guint field, double number);

/** These run the main loop; they die after 30 s. */
void         await_state            (OpLiveValues *values, OpLiveState state);
void         await_readings         (OpLiveValues *values, guint n);
void         await_field            (OpLiveField *field, OpLiveFieldState state);

/** Not a new reference. */
OpLiveField *get_field              (OpLiveValues *values, guint i);
void         assert_text            (OpLiveField *field, guint i, const char *expected);
