#!/usr/bin/env python3
"""Adapter between wattif and models that forecast data frames, such as Chronos-2.

The model is asked as `pipeline.predict_df(context, future_df=..., prediction_length=...,
quantile_levels=..., id_column=..., timestamp_column=..., target=...)` and answers with a frame that
has one row per slot ahead, a column `predictions` and one column per level. With the real model:

    pip install 'chronos-forecasting>=2.0' pandas
    data_frame_model.py --model amazon/chronos-2 --device cpu

`--stand-in` uses a small built-in model with the same call instead, without any package; it exists
so that this adapter can be tested.
"""
import argparse
import datetime
import json
import sys


class StandInFrame(dict):
    """Just enough of a data frame: columns by name."""

    def __getitem__(self, name):
        return StandInColumn(dict.__getitem__(self, name))


class StandInColumn(list):
    def tolist(self):
        return list(self)


class StandInPipeline:
    """Repeats the newest day; every quantile is the point scaled."""

    def predict_df(self, context, future_df=None, prediction_length=1, quantile_levels=(0.5,),
                   id_column="id", timestamp_column="timestamp", target="target"):
        values = [v for v in context[target].tolist()]
        stamps = context[timestamp_column].tolist()
        step = (stamps[1] - stamps[0]).total_seconds()
        day = int(86400 // step)
        newest = [v if v == v else 0.0 for v in values[-day:]]
        point = [newest[k % day] for k in range(prediction_length)]
        frame = {"predictions": point}
        for level in quantile_levels:
            frame[str(level)] = [p * (0.5 + level) for p in point]
        return StandInFrame(frame)


def load(arguments):
    """Returns the pipeline and the function that makes a frame of columns."""
    if arguments.stand_in:
        return StandInPipeline(), StandInFrame
    import pandas
    from chronos import BaseChronosPipeline

    pipeline = BaseChronosPipeline.from_pretrained(arguments.model, device_map=arguments.device)
    return pipeline, pandas.DataFrame


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).replace(tzinfo=None)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="amazon/chronos-2")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--stand-in", action="store_true")
    arguments = parser.parse_args()
    pipeline, frame = load(arguments)
    for line in sys.stdin:
        question = json.loads(line)
        step = datetime.timedelta(seconds=question["step_s"])
        start = instant(question["history"]["t0"])
        values = [float("nan") if v is None else v for v in question["history"]["values"]]
        context = frame({
            "id": ["site"] * len(values),
            "timestamp": [start + i * step for i in range(len(values))],
            "target": values,
        })
        horizon = question["horizon"]
        future = None
        if question["known"]:
            issued = instant(question["issued_at"])
            columns = {
                "id": ["site"] * horizon,
                "timestamp": [issued + k * step for k in range(horizon)],
            }
            # Only covariates that the context has as well are of use to the model; the question
            # carries no past of them, so they are left to models that take future columns alone.
            columns.update(question["known"])
            future = frame(columns) if arguments.stand_in else None
        levels = question["quantiles"] or [0.5]
        answer = pipeline.predict_df(
            context, future_df=future, prediction_length=horizon, quantile_levels=levels,
            id_column="id", timestamp_column="timestamp", target="target")
        reply = {"id": question["id"], "values": [float(v) for v in answer["predictions"].tolist()]}
        if question["quantiles"]:
            reply["quantiles"] = {
                str(level): [float(v) for v in answer[str(level)].tolist()] for level in levels
            }
        print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    main()
