import numpy as np
import pytest
from tests.support.hashes import Hashes, turned, uniform

from lykta.lib.matching.films import shared_by, telling
from lykta.lib.matching.near import NearIndex

FILM, OTHER = uniform(20, seed=1), uniform(30, seed=2)


@pytest.fixture
def films(index: NearIndex) -> NearIndex:
    """Each frame under the number of its film."""
    index.add(np.full(20, 1), FILM)
    index.add(np.full(30, 2), OTHER)
    return index


def found_in(films: NearIndex, frames: Hashes) -> dict[int, int]:
    hits = films.find_many(frames)
    return shared_by(zip(hits.rows.tolist(), hits.queries.tolist(), strict=True), len(frames))


def test_a_copy_whose_frames_all_changed_a_little_is_found(films: NearIndex) -> None:
    copy = turned(FILM, np.full(20, 31), seed=3)
    assert found_in(films, copy) == {1: 20}
    assert found_in(films, turned(FILM, np.full(20, 32), seed=3)) == {}


@pytest.mark.parametrize(("frames", "found"), [(8, {1: 8}), (7, {})])
def test_eight_frames_of_ten_are_enough_and_seven_are_not(films: NearIndex, frames: int, found: dict[int, int]) -> None:
    query = np.concatenate([FILM[:frames], uniform(10 - frames, seed=4)])
    assert found_in(films, query) == found


def test_a_frame_that_is_near_to_many_frames_of_a_film_counts_once() -> None:
    near = [("film", frame) for frame in (1, 1, 1, 1, 2, 3)]
    assert shared_by(near, 3) == {"film": 3}
    assert shared_by(near, 4) == {}


def test_a_part_of_a_film_is_found_in_it_but_not_the_whole_by_its_part(films: NearIndex) -> None:
    films.add(np.full(5, 4), OTHER[:5])
    assert found_in(films, OTHER[:5]) == {2: 5, 4: 5}
    assert found_in(films, OTHER) == {2: 30}


def test_frames_of_low_quality_and_the_same_frame_again_say_nothing(films: NearIndex) -> None:
    frames = np.concatenate([FILM[:2], FILM[:1], uniform(1, seed=9)])
    kept = telling(frames, np.array([50, 100, 70, 49]))
    assert sorted(kept.tolist()) == sorted(FILM[:2].tolist())
    assert found_in(films, telling(frames, np.zeros(4, np.int64))) == {}


def test_a_film_that_was_withdrawn_is_gone_with_all_its_frames(films: NearIndex) -> None:
    films.withdraw(np.array([1]))
    assert found_in(films, FILM) == {}
    assert found_in(films, OTHER) == {2: 30}
